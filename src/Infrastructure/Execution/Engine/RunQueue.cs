using System.Text;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>The queue's SQL beside the claim: reading what former attempts stored, ending runs that cannot be executed.</summary>
sealed class RunQueue(DataSources sources)
{
    const string CheckpointsSql = """
        select s.run_id, s.id, s.path, s.node_id, s.attempt, case when s.overridden_output is null then s.status else 'succeeded' end,
          coalesce(s.overridden_output, s.output)::text, s.error::text, s.run_attempt, s.started_event, s.started_at, s.usage::text, s.finished_at
        from unnest(@tenants, @ids, @firsts, @lasts) as g (tenant_id, run_id, first, last)
        join execution.run_steps s on s.tenant_id = g.tenant_id and s.id between g.first and g.last and s.run_id = g.run_id
        order by s.id
        """;

    /// <summary>
    /// Steps of earlier runs that stand in for these runs' own. They begin nothing and number nothing here; what a run did itself since then
    /// goes before them.
    /// </summary>
    const string ReusedSql = """
        select r.run_id, nullif(r.path, ''), r.node_id, s.attempt,
          case when coalesce(r.overridden_output, s.overridden_output) is null then s.status else 'succeeded' end,
          coalesce(r.overridden_output, s.overridden_output, s.output)::text, s.error::text, s.started_at, s.finished_at
        from unnest(@tenants, @ids) as g (tenant_id, run_id)
        join execution.run_reused_steps r on r.tenant_id = g.tenant_id and r.run_id = g.run_id
        join execution.run_steps s on s.tenant_id = r.tenant_id and s.id = r.step_id
        """;

    const string RefuseSql = """
        with ended as (
          delete from execution.run_queue where tenant_id = @tenant and run_id = @run and lease_owner = @node and attempt = @attempt returning run_id
        )
        update execution.runs r set status = @status, error = @error, finished_at = now(),
          (usage, cost_micros) = (select u, execution.usage_cost(u) from (select case when r.attempt > 0 then execution.run_usage(r.tenant_id, r.id) end) t (u))
        from ended e
        where r.tenant_id = @tenant and r.id = e.run_id and r.status in ('running', 'queued')
        """;

    const string PostponeSql = """
        update execution.run_queue q set lease_owner = null, available_at = now() + @pause
        from unnest(@runs, @attempts) as g (run_id, attempt)
        where q.run_id = g.run_id and q.attempt = g.attempt and q.lease_owner = @node
        """;

    /// <summary>What these runs took over, then what they have of their own: outputs that were pinned, and what their former attempts stored, in the order it happened.</summary>
    public async Task<ILookup<Guid, StoredStep>> ReadCheckpoints(IReadOnlyList<ClaimedRun> runs, CancellationToken ct)
    {
        await using var connection = await sources.Writer.OpenConnectionAsync(ct);
        var steps = new List<(Guid RunId, StoredStep Step)>();
        if (runs.Where(run => run.Reuses).ToList() is { Count: > 0 } forks)
        {
            await ReadReused(connection, forks, steps, ct);
        }

        if (runs.Where(run => run.Attempt > 1 || run.Reuses).ToList() is { Count: > 0 } again)
        {
            await ReadOwn(connection, again, steps, ct);
        }

        return steps.ToLookup(entry => entry.RunId, entry => entry.Step);
    }

    static async Task ReadOwn(NpgsqlConnection connection, List<ClaimedRun> runs, List<(Guid RunId, StoredStep Step)> steps, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(CheckpointsSql, connection);
        var columns = new Columns(command.Parameters, runs.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => runs[i].TenantId);
        columns.Add("ids", NpgsqlDbType.Uuid, i => runs[i].RunId);
        columns.Add("firsts", NpgsqlDbType.Uuid, i => StepId.Range(runs[i].RunId).First);
        columns.Add("lasts", NpgsqlDbType.Uuid, i => StepId.Range(runs[i].RunId).Last);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            steps.Add((reader.GetGuid(0), new StoredStep(
                StepId.SequenceOf(reader.GetGuid(1)), reader.GetValue(2) as string, reader.GetString(3), reader.GetInt32(4), reader.GetString(5),
                Utf8(reader, 6), reader.GetValue(7) is string error ? StoredErrors.Read(error) : null, reader.GetInt32(8), reader.GetInt32(9), Instant(reader, 10))
            {
                Usage = reader.GetValue(11) is string usage ? UsageJson.Read(usage) : [],
                FinishedAt = reader.GetValue(12) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null,
            }));
        }
    }

    static async Task ReadReused(NpgsqlConnection connection, List<ClaimedRun> runs, List<(Guid RunId, StoredStep Step)> steps, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ReusedSql, connection);
        var columns = new Columns(command.Parameters, runs.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => runs[i].TenantId);
        columns.Add("ids", NpgsqlDbType.Uuid, i => runs[i].RunId);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            steps.Add((reader.GetGuid(0), new StoredStep(
                Sequence: -1, reader.GetValue(1) as string, reader.GetString(2), reader.GetInt32(3), reader.GetString(4), Utf8(reader, 5),
                reader.GetValue(6) is string error ? StoredErrors.Read(error) : null, RunAttempt: 0, StartedEvent: 0, Instant(reader, 7))
            {
                FinishedAt = reader.GetValue(8) is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null,
            }));
        }
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

    /// <summary>Gives runs back before they began; nobody takes them for a while.</summary>
    public async Task Postpone(IReadOnlyList<ClaimedRun> runs, NodeIdentity node, TimeSpan pause, CancellationToken ct)
    {
        await using var command = sources.Engine.CreateCommand(PostponeSql);
        command.Parameters.AddWithValue("runs", runs.Select(run => run.RunId).ToArray());
        command.Parameters.AddWithValue("attempts", runs.Select(run => run.Attempt).ToArray());
        command.Parameters.AddWithValue("node", node.Id);
        command.Parameters.AddWithValue("pause", pause);
        await command.ExecuteNonQueryAsync(ct);
    }

    static byte[]? Utf8(NpgsqlDataReader reader, int column) => reader.GetValue(column) is string text ? Encoding.UTF8.GetBytes(text) : null;

    static DateTimeOffset Instant(NpgsqlDataReader reader, int column) => new(reader.GetDateTime(column), TimeSpan.Zero);
}
