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
sealed class Finisher(DataSources sources, ILogger<Finisher> log) : LeaseWriter<FinishedRun>(maxBatch: 256, log)
{
    const string Values = "@tenants, @ids, @attempts, @statuses, @outputs, @errors, @failed_nodes, @completed, @started, @finished, @usages, @begun";

    const string Names = "tenant_id, id, attempt, status, output, error, failed_node, completed, started_at, finished_at, usage, begun";

    /// <summary>
    /// Of runs that this node has leased. Whoever plans it while the queue is empty finds all ways alike, and keeps the plan while the queue fills: so there is but one way, by
    /// the key, here as in all statements of the writers that look queue rows up. The tenant is compared as an array of one, since by a plain equality the rows could also be merged
    /// in the index's order, which reads all of it; and the owner as what is not distinct, which no index serves.
    /// </summary>
    public const string Ended = $"""
        ended as (
          delete from execution.run_queue q using unnest({Values}) as f ({Names})
          where q.tenant_id = any(array[f.tenant_id]) and q.run_id = f.id and q.lease_owner is not distinct from @node and q.attempt = f.attempt
          returning f.*, q.cancel_error
        )
        """;

    /// <summary>Of runs whose queue rows this transaction has locked.</summary>
    public const string EndedLocked = $"""
        ended as (
          delete from execution.run_queue q using unnest({Values}, @places::tid[]) as f ({Names}, place)
          where q.ctid = f.place and q.run_id is not distinct from f.id
          returning f.*, q.cancel_error
        )
        """;

    const string Finish = $"with {Ended}, {Rest}";

    const string FinishLocked = $"with {EndedLocked}, {Rest}";

    /// <summary><c>is true</c> keeps the sub-select a hashed lookup; as a plain IN the planner would make it a nested loop over both lists.</summary>
    const string Rest = $"""
        done as (
          update execution.runs r
          set status = e.status, attempt = e.attempt, output = e.output, error = case when e.status = 'canceled' then coalesce(e.cancel_error, e.error) else e.error end,
            current_node = e.failed_node, steps_completed = e.completed, started_at = e.started_at, finished_at = e.finished_at,
            usage = e.usage, cost_micros = case when e.usage is null then 0 else execution.usage_cost(e.usage) end
          from ended e
          where r.tenant_id = e.tenant_id and r.id = e.id and r.status in ('running', 'queued')
          returning r.tenant_id, r.agent_id, case when e.begun then array[r.status] else array['running', r.status] end as statuses, r.id
        ), changed as (
          insert into execution.run_changes (tenant_id, agent_id, statuses, run_ids)
          select tenant_id, agent_id, statuses, array_agg(id) from done group by tenant_id, agent_id, statuses
        ), steps as (
          insert into execution.run_steps ({StepColumns.Names})
          select {StepColumns.Names} from {StepColumns.RowSource}
          where (s.run_id in (select id from ended)) is true
        )
        select id from done
        """;

    /// <summary>Whoever ends before its children asks them to stop. (What it asked of people the database closes, whoever ended it.)</summary>
    public const string StopChildren = """
        with asked as (
          update execution.run_queue q
          set cancel_requested = true, wakes = wakes + 1, parked = false, available_at = case when parked then now() else available_at end
          from unnest(@tenants, @ids) as g (tenant_id, id)
          join execution.runs c on c.tenant_id = g.tenant_id and c.parent_run_id = g.id and c.finished_at is null and not c.detached
          where q.tenant_id = any(array[c.tenant_id]) and q.run_id = c.id
          returning q.tenant_id, q.run_id
        )
        select pg_notify('run_control', tenant_id || ':' || run_id), pg_notify('runs_queued', '') from asked
        """;

    protected override RunExecution RunOf(FinishedRun item) => item.Execution;

    protected override void Store(List<FinishedRun> items, NodeIdentity node, HashSet<Guid> held)
    {
        var steps = new StepBatch(items.Select(run => (run.Execution, run.Steps)));
        var parents = items.FindAll(run => run.MayHaveChildren);
        using var connection = sources.RunWriter.OpenConnection();

        // Nearly always one statement, which is its own transaction.
        using var transaction = steps.HasMore || parents.Count > 0 ? connection.BeginTransaction() : null;
        End(connection, items, steps, node, held);
        if (transaction is not null)
        {
            steps.WriteMore(connection, held);
            StopChildrenOf(connection, parents.FindAll(run => held.Contains(run.Execution.RunId)));
            transaction.Commit();
        }
    }

    static void StopChildrenOf(NpgsqlConnection connection, List<FinishedRun> parents)
    {
        if (parents.Count > 0)
        {
            using var command = new NpgsqlCommand(StopChildren, connection);
            var columns = new Columns(command.Parameters, parents.Count);
            columns.Add("tenants", NpgsqlDbType.Uuid, i => parents[i].Execution.Plan.TenantId);
            columns.Add("ids", NpgsqlDbType.Uuid, i => parents[i].Execution.RunId);
            command.ExecuteNonQuery();
        }
    }

    /// <summary>
    /// Ends runs of pure graphs, which have no children, calls or steps that were stored before, whose queue rows the connection's transaction has locked. Their ends
    /// count once it is committed.
    /// </summary>
    /// <param name="places">Where those rows are, run by run: <c>ctid</c>, as text.</param>
    public async Task EndLocked(NpgsqlConnection connection, List<FinishedRun> items, List<string> places, NodeIdentity node, CancellationToken ct)
    {
        var steps = new StepBatch(items.Select(run => (run.Execution, run.Steps)));
        var ended = new HashSet<Guid>(items.Count);
        await using var command = new NpgsqlCommand(FinishLocked, connection);
        BindEnds(command.Parameters, items, steps, node).Add("places", NpgsqlDbType.Text, i => places[i]);
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                ended.Add(reader.GetGuid(0));
            }
        }

        if (ended.Count < items.Count)
        {
            throw new InvalidOperationException($"{items.Count - ended.Count} of {items.Count} locked runs were not there to be ended.");
        }
    }

    void End(NpgsqlConnection connection, List<FinishedRun> items, StepBatch steps, NodeIdentity node, HashSet<Guid> held)
    {
        using var command = new NpgsqlCommand(Finish, connection);
        BindEnds(command.Parameters, items, steps, node);
        ReadIds(command, held);
    }

    Columns BindEnds(NpgsqlParameterCollection parameters, List<FinishedRun> items, StepBatch steps, NodeIdentity node)
    {
        var columns = BindRuns(parameters, items, node);
        columns.Add("statuses", NpgsqlDbType.Text, i => items[i].Status.ToText());
        columns.Add("outputs", NpgsqlDbType.Json, i => items[i].Output);
        columns.Add("errors", NpgsqlDbType.Jsonb, i => items[i].Error);
        columns.Add("failed_nodes", NpgsqlDbType.Text, i => items[i].FailedNode);
        columns.Add("completed", NpgsqlDbType.Integer, i => items[i].StepsCompleted);
        columns.Add("started", NpgsqlDbType.TimestampTz, i => items[i].Execution.StartedAt.UtcDateTime);
        columns.Add("finished", NpgsqlDbType.TimestampTz, i => items[i].FinishedAt.UtcDateTime);
        columns.Add("usages", NpgsqlDbType.Jsonb, i => items[i].Execution.Usage);
        columns.Add("begun", NpgsqlDbType.Boolean, i => items[i].Execution.Facts.IsStoredAsBegun);
        StepColumns.Add(parameters, steps.New);
        return columns;
    }
}
