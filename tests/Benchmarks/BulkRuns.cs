using Npgsql;

namespace AgentPlatform.Benchmarks;

/// <summary>Puts runs into the queue as a bulk import would: many in one statement, held by nobody.</summary>
static class BulkRuns
{
    const string Sql = """
        with agent as (
          select id, latest_version_id from agents.agents where tenant_id = $1 and deleted_at is null limit 1
        ), ids as materialized (
          select (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid as id, n
          from generate_series(1, $2) n
        ), stored as (
          insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, steps_total, input)
          select $1, i.id, a.id, a.latest_version_id, 'manual', 'queued', 3,
            json_build_object('id', i.n::text, 'title', 'Disk is almost full', 'amount', 7, 'user', json_build_object('name', 'Ada', 'plan', 'pro')) from ids i, agent a
        ), queued as (
          insert into execution.run_queue (tenant_id, run_id) select $1, id from ids returning run_id
        )
        select count(*), (select pg_notify('runs_queued', '') is null) from queued
        """;

    /// <param name="owner">The role that may read the agents of every tenant.</param>
    public static async Task Queue(NpgsqlDataSource owner, Guid tenant, int count)
    {
        await using var command = owner.CreateCommand(Sql);
        command.CommandTimeout = 600;
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(count);
        await command.ExecuteNonQueryAsync();
    }
}
