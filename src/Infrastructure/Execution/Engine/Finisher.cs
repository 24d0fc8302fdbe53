using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Ends runs: final state, output and steps of all runs that finish at the same moment, in one statement. It deletes the queue row
/// under this node's lease and attempt first; where that row is not ours any more nothing of the run is written.
/// </summary>
sealed class Finisher(DataSources sources, ILogger<Finisher> log) : IAsyncDisposable
{
    /// <summary><c>is true</c> keeps the sub-select a hashed lookup; as a plain IN the planner would make it a nested loop over both lists.</summary>
    const string Finish = $"""
        with ended as (
          delete from execution.run_queue q
          using unnest(@tenants, @ids, @attempts, @statuses, @outputs, @errors, @failed_nodes, @completed, @started, @finished)
            as f (tenant_id, id, attempt, status, output, error, failed_node, completed, started_at, finished_at)
          where q.tenant_id = f.tenant_id and q.run_id = f.id and q.lease_owner = @node and q.attempt = f.attempt
          returning f.*, q.cancel_error
        ), done as (
          update execution.runs r
          set status = e.status, output = e.output, error = case when e.status = 'canceled' then coalesce(e.cancel_error, e.error) else e.error end,
            current_node = e.failed_node, steps_completed = e.completed, started_at = e.started_at, finished_at = e.finished_at
          from ended e
          where r.tenant_id = e.tenant_id and r.id = e.id and r.status in ('running', 'queued')
          returning r.id
        ), steps as (
          insert into execution.run_steps ({StepColumns.Names})
          select {StepColumns.Names} from {StepColumns.RowSource}
          where (s.run_id in (select id from ended)) is true
        )
        select id from done
        """;

    /// <summary>Whoever ends before what it opened: its children are asked to stop, its requests to people are taken back.</summary>
    const string TieUp = """
        with withdrawn as (
          update execution.approvals a set status = 'canceled', decided_at = now(), updated_at = now()
          from unnest(@tenants, @ids) as g (tenant_id, id)
          where a.tenant_id = g.tenant_id and a.run_id = g.id and a.status = 'pending'
        ), asked as (
          update execution.run_queue q
          set cancel_requested = true, wakes = wakes + 1, parked = false, available_at = case when parked then now() else available_at end
          from unnest(@tenants, @ids) as g (tenant_id, id)
          join execution.runs c on c.tenant_id = g.tenant_id and c.parent_run_id = g.id and c.finished_at is null and not c.detached
          where q.tenant_id = c.tenant_id and q.run_id = c.id
          returning q.tenant_id, q.run_id
        )
        select pg_notify('run_control', tenant_id || ':' || run_id), pg_notify('runs_queued', '') from asked
        """;

    GroupCommit<FinishedRun, bool>? writer;

    public void Open() => writer = new GroupCommit<FinishedRun, bool>(Store, maxBatch: 256, capacity: 20_000, writers: 1, log);

    public int Waiting => writer?.Waiting ?? 0;

    /// <returns>False when the lease was lost: another node has the run, and nothing was written.</returns>
    public Task<bool> Write(FinishedRun run, CancellationToken ct) => writer!.Write(run, ct);

    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
        {
            await writer.DisposeAsync();
        }
    }

    async Task<IReadOnlyList<bool>> Store(IReadOnlyList<FinishedRun> batch, CancellationToken ct)
    {
        var done = new HashSet<Guid>(batch.Count);

        // Usually one group: a node changes its identity only when it lost its lease.
        foreach (var group in batch.GroupBy(run => run.Execution.Node))
        {
            await Store([.. group], group.Key, done, ct);
        }

        return [.. batch.Select(run => done.Contains(run.Execution.RunId))];
    }

    async Task Store(List<FinishedRun> runs, NodeIdentity node, HashSet<Guid> done, CancellationToken ct)
    {
        var steps = new StepBatch(runs.Select(run => (run.Execution, run.Steps)));
        var loose = runs.FindAll(run => run.HasLooseEnds);
        await using var connection = await sources.Writer.OpenConnectionAsync(ct);

        // Nearly always one statement, which is its own transaction.
        await using var transaction = steps.HasFormer || loose.Count > 0 ? await connection.BeginTransactionAsync(ct) : null;
        await End(connection, runs, steps, node, done, ct);
        if (transaction is not null)
        {
            await steps.UpdateFormer(connection, done, ct);
            await TieUpAll(connection, loose.FindAll(run => done.Contains(run.Execution.RunId)), ct);
            await transaction.CommitAsync(ct);
        }
    }

    static async Task TieUpAll(NpgsqlConnection connection, List<FinishedRun> runs, CancellationToken ct)
    {
        if (runs.Count > 0)
        {
            await using var command = new NpgsqlCommand(TieUp, connection);
            var columns = new Columns(command.Parameters, runs.Count);
            columns.Add("tenants", NpgsqlDbType.Uuid, i => runs[i].Execution.Plan.TenantId);
            columns.Add("ids", NpgsqlDbType.Uuid, i => runs[i].Execution.RunId);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    static async Task End(NpgsqlConnection connection, List<FinishedRun> runs, StepBatch steps, NodeIdentity node, HashSet<Guid> done, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Finish, connection);
        var columns = new Columns(command.Parameters, runs.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => runs[i].Execution.Plan.TenantId);
        columns.Add("ids", NpgsqlDbType.Uuid, i => runs[i].Execution.RunId);
        columns.Add("attempts", NpgsqlDbType.Integer, i => runs[i].Execution.Attempt);
        columns.Add("statuses", NpgsqlDbType.Text, i => runs[i].Status.ToText());
        columns.Add("outputs", NpgsqlDbType.Json, i => runs[i].Output);
        columns.Add("errors", NpgsqlDbType.Jsonb, i => runs[i].Error);
        columns.Add("failed_nodes", NpgsqlDbType.Text, i => runs[i].FailedNode);
        columns.Add("completed", NpgsqlDbType.Integer, i => runs[i].StepsCompleted);
        columns.Add("started", NpgsqlDbType.TimestampTz, i => runs[i].Execution.StartedAt.UtcDateTime);
        columns.Add("finished", NpgsqlDbType.TimestampTz, i => runs[i].FinishedAt.UtcDateTime);
        command.Parameters.AddWithValue("node", node.Id);
        StepColumns.Add(command.Parameters, steps.New);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            done.Add(reader.GetGuid(0));
        }
    }
}
