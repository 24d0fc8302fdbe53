using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Benchmarks;

/// <summary>
/// What PostgreSQL alone does with the rows of such runs: the same tables, indexes, policies and role, the rows of a batch in one statement to
/// accept and one to finish, a few connections, nothing else. No HTTP, no signatures, no JSON, no engine. The ratio to it says what ours costs.
/// </summary>
static class Baseline
{
    const int Batch = 64;

    const string Accept = """
        with runs as (
          insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, input, steps_total, attempt, started_at)
          select @tenant, id, @tenant, @tenant, 'webhook', 'running', '{"id":"x","title":"Disk is almost full","amount":7,"user":{"name":"Ada","plan":"pro"}}', 3, 1, now()
          from unnest(@ids) as g (id)
        ), keys as (
          insert into execution.idempotency_keys (tenant_id, scope, key, request_hash, run_id, expires_at)
          select @tenant, 'trigger:baseline', id::text, '', id, now() + interval '7 days' from unnest(@ids) as g (id)
        )
        insert into execution.run_queue (tenant_id, run_id, attempt, lease_owner) select @tenant, id, 1, @tenant from unnest(@ids) as g (id)
        """;

    const string Finish = """
        with gone as (
          delete from execution.run_queue q using unnest(@ids) as g (id) where q.tenant_id = @tenant and q.run_id = g.id returning q.run_id
        ), steps as (
          insert into execution.run_steps (tenant_id, id, run_id, node_id, idx, skill_id, skill_version_id, status, output, started_at, finished_at)
          select @tenant, g.id, g.id, 'read', 0, @tenant, @tenant, 'succeeded', '{"id":"x","title":"Disk is almost full","amount":7,"user":"Ada"}', now(), now()
          from unnest(@steps) as g (id)
        )
        update execution.runs r set status = 'succeeded', output = '{"id":"x","text":"Ada: Disk is almost full","urgent":false}', steps_completed = 3, finished_at = now()
        from gone g where r.tenant_id = @tenant and r.id = g.run_id
        """;

    /// <returns>Runs per second, durable.</returns>
    public static async Task<double> Measure(string engineConnection, Guid tenant, int writers, TimeSpan time)
    {
        var builder = new NpgsqlConnectionStringBuilder(engineConnection) { Options = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c app.notes_changes=on", MaxAutoPrepare = 10, AutoPrepareMinUsages = 1 };
        await using var source = NpgsqlDataSource.Create(builder.ConnectionString);
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(() => Write(source, tenant, started, time))));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    static async Task<long> Write(NpgsqlDataSource source, Guid tenant, long started, TimeSpan time)
    {
        await using var connection = await source.OpenConnectionAsync();
        var done = 0L;
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            var ids = Enumerable.Range(0, Batch).Select(_ => Guid.CreateVersion7()).ToArray();
            await Execute(connection, Accept, tenant, ids, null);
            await Execute(connection, Finish, tenant, ids, [.. Enumerable.Range(0, Batch * 3).Select(_ => Guid.CreateVersion7())]);
            done += Batch;
        }

        return done;
    }

    static async Task Execute(NpgsqlConnection connection, string sql, Guid tenant, Guid[] ids, Guid[]? steps)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("tenant", tenant);
        command.Parameters.AddWithValue("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid, ids);
        if (steps is not null)
        {
            command.Parameters.AddWithValue("steps", NpgsqlDbType.Array | NpgsqlDbType.Uuid, steps);
        }

        await command.ExecuteNonQueryAsync();
    }
}
