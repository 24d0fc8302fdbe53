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
sealed class Parker(DataSources sources, ILogger<Parker> log) : LeaseWriter<ParkedRun>(maxBatch: 128, log)
{
    /// <summary>The keys are compared as <see cref="Finisher.Ended"/> tells.</summary>
    public const string Laid = """
        laid as (
          update execution.run_queue q
          set lease_owner = null,
            parked = p.parks and not q.cancel_requested,
            available_at = case when p.parks and not q.cancel_requested then coalesce(p.wake_at, 'infinity') else now() end,
            active_ms = q.active_ms + p.active_ms
          from (
            select g.*, case when g.status = 'paused' then w.pause_requested else w.wakes = g.wakes end as parks
            from unnest(@tenants, @ids, @attempts, @statuses, @wakes, @wake_ats, @nodes, @completed, @active, @usages)
              as g (tenant_id, id, attempt, status, wakes, wake_at, node, completed, active_ms, usage)
            join execution.run_queue w on w.tenant_id = any(array[g.tenant_id]) and w.run_id = g.id
            where w.lease_owner is not distinct from @node and w.attempt = g.attempt
            order by g.tenant_id, g.id
            for update of w
          ) p
          where q.tenant_id = any(array[p.tenant_id]) and q.run_id = p.id
          returning p.tenant_id, p.id, p.attempt, p.status, p.node, p.completed, p.usage, q.parked
        )
        """;

    const string ParkSql = $"""
        with {Laid}, told as (
          update execution.runs r set status = l.status, attempt = l.attempt, current_node = l.node, steps_completed = l.completed,
            usage = l.usage, cost_micros = case when l.usage is null then 0 else execution.usage_cost(l.usage) end
          from laid l
          where r.tenant_id = l.tenant_id and r.id = l.id and r.status in ('running', 'queued')
          returning r.tenant_id, r.agent_id, r.status, r.id
        ), changed as (
          insert into execution.run_changes (tenant_id, agent_id, statuses, run_ids)
          select tenant_id, agent_id, array[status], array_agg(id) from told group by tenant_id, agent_id, status
        ), steps as (
          insert into execution.run_steps ({StepColumns.Names})
          select {StepColumns.Names} from {StepColumns.RowSource}
          where (s.run_id in (select id from laid)) is true
        ), woken as (
          select pg_notify('runs_queued', '') from laid where not parked limit 1
        )
        select id, (select count(*) from woken) from laid
        """;

    protected override RunExecution RunOf(ParkedRun item) => item.Execution;

    protected override void Store(List<ParkedRun> items, NodeIdentity node, HashSet<Guid> held)
    {
        var steps = new StepBatch(items.Select(run => (run.Execution, run.Steps)));
        using var connection = sources.RunWriter.OpenConnection();
        using var transaction = connection.BeginTransaction();
        using (var command = new NpgsqlCommand(ParkSql, connection))
        {
            var columns = BindRuns(command.Parameters, items, node);
            columns.Add("statuses", NpgsqlDbType.Text, i => items[i].Status.ToText());
            columns.Add("wakes", NpgsqlDbType.Integer, i => items[i].Execution.SeenWakes);
            columns.Add("wake_ats", NpgsqlDbType.TimestampTz, i => items[i].WakeAt?.UtcDateTime);
            columns.Add("nodes", NpgsqlDbType.Text, i => items[i].CurrentNode);
            columns.Add("completed", NpgsqlDbType.Integer, i => items[i].StepsCompleted);
            columns.Add("active", NpgsqlDbType.Bigint, i => (long)items[i].Active.TotalMilliseconds);
            columns.Add("usages", NpgsqlDbType.Jsonb, i => items[i].Execution.Usage);
            StepColumns.Add(command.Parameters, steps.New);
            ReadIds(command, held);
        }

        steps.WriteMore(connection, held);
        transaction.Commit();
    }
}
