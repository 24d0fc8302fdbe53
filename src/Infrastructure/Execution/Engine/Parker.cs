using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Lays runs down that wait or are paused: their steps are stored, their leases given back, nothing of them stays in memory.
/// A run that was rung since it last looked does not park: it is claimable at once.
/// </summary>
sealed class Parker(DataSources sources, ILogger<Parker> log) : IAsyncDisposable
{
    const string ParkSql = $"""
        with laid as (
          update execution.run_queue q
          set lease_owner = null,
            parked = p.parks and not q.cancel_requested,
            available_at = case when p.parks and not q.cancel_requested then coalesce(p.wake_at, 'infinity') else now() end,
            active_ms = q.active_ms + p.active_ms
          from (
            select g.*, case when g.status = 'paused' then w.pause_requested else w.wakes = g.wakes end as parks
            from unnest(@tenants, @ids, @attempts, @statuses, @wakes, @wake_ats, @nodes, @completed, @active) as g (tenant_id, id, attempt, status, wakes, wake_at, node, completed, active_ms)
            join execution.run_queue w on w.tenant_id = g.tenant_id and w.run_id = g.id
            where w.lease_owner = @node and w.attempt = g.attempt
            order by g.tenant_id, g.id
            for update of w
          ) p
          where q.tenant_id = p.tenant_id and q.run_id = p.id
          returning p.tenant_id, p.id, p.status, p.node, p.completed, q.parked
        ), told as (
          update execution.runs r set status = l.status, current_node = l.node, steps_completed = l.completed from laid l
          where r.tenant_id = l.tenant_id and r.id = l.id and r.status = 'running'
        ), steps as (
          insert into execution.run_steps ({StepColumns.Names})
          select {StepColumns.Names} from {StepColumns.RowSource}
          where (s.run_id in (select id from laid)) is true
        ), woken as (
          select pg_notify('runs_queued', '') from laid where not parked limit 1
        )
        select id, (select count(*) from woken) from laid
        """;

    GroupCommit<ParkedRun, bool>? writer;

    public void Open() => writer = new GroupCommit<ParkedRun, bool>(Store, maxBatch: 128, capacity: 20_000, writers: 1, log);

    /// <returns>False when the lease was lost: another node has the run, and nothing was written.</returns>
    public Task<bool> Write(ParkedRun run, CancellationToken ct) => writer!.Write(run, ct);

    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
        {
            await writer.DisposeAsync();
        }
    }

    async Task<IReadOnlyList<bool>> Store(IReadOnlyList<ParkedRun> batch, CancellationToken ct)
    {
        var done = new HashSet<Guid>(batch.Count);
        foreach (var group in batch.GroupBy(run => run.Execution.Node))
        {
            await Store([.. group], group.Key, done, ct);
        }

        return [.. batch.Select(run => done.Contains(run.Execution.RunId))];
    }

    async Task Store(List<ParkedRun> runs, NodeIdentity node, HashSet<Guid> done, CancellationToken ct)
    {
        var steps = new StepBatch(runs.Select(run => (run.Execution, run.Steps)));
        await using var connection = await sources.Writer.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var command = new NpgsqlCommand(ParkSql, connection))
        {
            var columns = new Columns(command.Parameters, runs.Count);
            columns.Add("tenants", NpgsqlDbType.Uuid, i => runs[i].Execution.Plan.TenantId);
            columns.Add("ids", NpgsqlDbType.Uuid, i => runs[i].Execution.RunId);
            columns.Add("attempts", NpgsqlDbType.Integer, i => runs[i].Execution.Attempt);
            columns.Add("statuses", NpgsqlDbType.Text, i => runs[i].Status.ToText());
            columns.Add("wakes", NpgsqlDbType.Integer, i => runs[i].Execution.SeenWakes);
            columns.Add("wake_ats", NpgsqlDbType.TimestampTz, i => runs[i].WakeAt?.UtcDateTime);
            columns.Add("nodes", NpgsqlDbType.Text, i => runs[i].CurrentNode);
            columns.Add("completed", NpgsqlDbType.Integer, i => runs[i].StepsCompleted);
            columns.Add("active", NpgsqlDbType.Bigint, i => (long)runs[i].Active.TotalMilliseconds);
            command.Parameters.AddWithValue("node", node.Id);
            StepColumns.Add(command.Parameters, steps.New);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                done.Add(reader.GetGuid(0));
            }
        }

        await steps.UpdateFormer(connection, done, ct);
        await transaction.CommitAsync(ct);
    }
}
