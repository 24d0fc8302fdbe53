using System.Text;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>The queue's SQL: claiming in batches, reading what former attempts stored, ending runs that cannot be executed.</summary>
sealed class RunQueue(DataSources sources)
{
    const string ClaimSql = """
        with waiting as materialized (
          select tenant_id, run_id from execution.run_queue
          where lease_owner is null and not parked and available_at <= now()
          order by priority desc, available_at, run_id limit @count
          for update skip locked
        ), taken as (
          update execution.run_queue q set lease_owner = @node, attempt = q.attempt + 1 from waiting w
          where q.tenant_id = w.tenant_id and q.run_id = w.run_id
          returning q.tenant_id, q.run_id, q.attempt, q.lost_workers, q.active_ms, q.wakes, q.cancel_requested, q.pause_requested
        )
        update execution.runs r set status = 'running', attempt = t.attempt, started_at = coalesce(r.started_at, now()) from taken t
        where r.tenant_id = t.tenant_id and r.id = t.run_id and r.status in ('queued', 'running', 'waiting', 'paused')
        returning r.tenant_id, r.id, r.attempt, t.lost_workers, r.agent_id, r.agent_version_id, r.trigger_source, r.input::text, r.queued_at, r.started_at, r.deadline_at,
          t.active_ms, t.wakes, t.cancel_requested, t.pause_requested, r.config::text, r.parent_run_id, r.root_run_id, r.lineage, r.detached
        """;

    const string CheckpointsSql = """
        select s.run_id, s.id, s.path, s.node_id, s.attempt, case when s.overridden_output is null then s.status else 'succeeded' end,
          coalesce(s.overridden_output, s.output)::text, s.error::text, s.run_attempt, s.started_event, s.started_at
        from unnest(@tenants, @ids, @firsts, @lasts) as g (tenant_id, run_id, first, last)
        join execution.run_steps s on s.tenant_id = g.tenant_id and s.id between g.first and g.last and s.run_id = g.run_id
        order by s.id
        """;

    const string RefuseSql = """
        with ended as (
          delete from execution.run_queue where tenant_id = @tenant and run_id = @run and lease_owner = @node and attempt = @attempt returning run_id
        )
        update execution.runs r set status = @status, error = @error, finished_at = now() from ended e
        where r.tenant_id = @tenant and r.id = e.run_id and r.status = 'running'
        """;

    public async Task<IReadOnlyList<ClaimedRun>> Claim(NodeIdentity node, int count, CancellationToken ct)
    {
        await using var connection = await sources.Writer.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(ClaimSql, connection);
        command.Parameters.AddWithValue("count", count);
        command.Parameters.AddWithValue("node", node.Id);
        var claimed = new List<ClaimedRun>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            claimed.Add(Read(reader));
        }

        return claimed;
    }

    /// <summary>What former attempts of these runs stored, in the order it happened.</summary>
    public async Task<ILookup<Guid, StoredStep>> ReadCheckpoints(IReadOnlyList<ClaimedRun> runs, CancellationToken ct)
    {
        await using var connection = await sources.Writer.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(CheckpointsSql, connection);
        var columns = new Columns(command.Parameters, runs.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => runs[i].TenantId);
        columns.Add("ids", NpgsqlDbType.Uuid, i => runs[i].RunId);
        columns.Add("firsts", NpgsqlDbType.Uuid, i => StepId.Range(runs[i].RunId).First);
        columns.Add("lasts", NpgsqlDbType.Uuid, i => StepId.Range(runs[i].RunId).Last);
        var steps = new List<(Guid RunId, StoredStep Step)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            steps.Add((reader.GetGuid(0), new StoredStep(
                StepId.SequenceOf(reader.GetGuid(1)), reader.GetValue(2) as string, reader.GetString(3), reader.GetInt32(4), reader.GetString(5),
                Utf8(reader, 6), reader.GetValue(7) is string error ? StoredErrors.Read(error) : null, reader.GetInt32(8), reader.GetInt32(9), Instant(reader, 10))));
        }

        return steps.ToLookup(entry => entry.RunId, entry => entry.Step);
    }

    /// <summary>Ends a run that cannot be executed: its agent is gone or inactive, or it took three workers down.</summary>
    public async Task Refuse(ClaimedRun run, NodeIdentity node, RunStatus status, SkillError error, CancellationToken ct)
    {
        await using var command = sources.Writer.CreateCommand(RefuseSql);
        command.Parameters.AddWithValue("tenant", run.TenantId);
        command.Parameters.AddWithValue("run", run.RunId);
        command.Parameters.AddWithValue("node", node.Id);
        command.Parameters.AddWithValue("attempt", run.Attempt);
        command.Parameters.AddWithValue("status", status.ToText());
        command.Parameters.Add(new NpgsqlParameter("error", NpgsqlDbType.Jsonb) { Value = Json.Write(error, null) });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>How many runs wait that nobody has leased, counted up to <paramref name="limit"/>.</summary>
    public async Task<int> CountWaiting(int limit, CancellationToken ct)
    {
        await using var command = sources.Writer.CreateCommand(
            "select count(*)::int from (select from execution.run_queue where lease_owner is null and not parked limit @limit) waiting");
        command.Parameters.AddWithValue("limit", limit);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    static ClaimedRun Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetGuid(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetGuid(4), reader.GetGuid(5), reader.GetString(6), Utf8(reader, 7)!,
        Instant(reader, 8), reader.GetInt32(2) > 1 ? Instant(reader, 9) : null, reader.GetValue(10) is DateTime deadline ? new DateTimeOffset(deadline, TimeSpan.Zero) : null,
        TimeSpan.FromMilliseconds(reader.GetInt64(11)), reader.GetInt32(12), reader.GetBoolean(13), reader.GetBoolean(14), Utf8(reader, 15),
        reader.GetValue(16) is Guid parent ? new RunFamily(parent, reader.GetGuid(17), reader.GetFieldValue<Guid[]>(18), reader.GetBoolean(19)) : null);

    static DateTimeOffset Instant(NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);

    static byte[]? Utf8(NpgsqlDataReader reader, int column) => reader.GetValue(column) is string text ? Encoding.UTF8.GetBytes(text) : null;
}
