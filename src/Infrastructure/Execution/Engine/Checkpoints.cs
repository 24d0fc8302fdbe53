using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Stores the results of effectful steps before anything that depends on them starts, together with the pure steps that came before.
/// The run's queue row is share-locked meanwhile, so a lease cannot move to another node between the check and the insert.
/// The row also says whether the run was rung: a request to cancel or to pause is heard before the next step begins, even if its notification is late.
/// </summary>
sealed class Checkpoints(DataSources sources, ILogger<Checkpoints> log) : LeaseWriter<RunExecution>(maxBatch: 128, log)
{
    /// <summary>The key is compared as <see cref="Finisher.Ended"/> tells.</summary>
    public const string Held = """
        held as materialized (
          select q.run_id, q.wakes from unnest(@tenants, @ids, @attempts) as h (tenant_id, id, attempt)
          join execution.run_queue q on q.tenant_id = any(array[h.tenant_id]) and q.run_id = h.id
          where q.lease_owner is not distinct from @node and q.attempt = h.attempt
          for share of q
        )
        """;

    const string InsertSql = $"""
        with {Held}, steps as (
          insert into execution.run_steps ({StepColumns.Names})
          select {StepColumns.Names} from {StepColumns.RowSource}
          where (s.run_id in (select run_id from held)) is true
        )
        select run_id, wakes from held
        """;

    protected override RunExecution RunOf(RunExecution item) => item;

    /// <summary>
    /// What is unstored is taken here, by the only writer, and not by those who ask: of two branches that end together one could take
    /// the other's step, and the other would go on before it was stored.
    /// </summary>
    protected override void Store(List<RunExecution> items, NodeIdentity node, HashSet<Guid> held)
    {
        var steps = items.SelectMany(run => run.TakeUnstored(), (run, step) => (Run: run, Step: step)).ToList();
        try
        {
            Insert(items, steps, node, held);
        }
        catch
        {
            foreach (var run in items)
            {
                run.PutBack(steps.Where(entry => entry.Run == run).Select(entry => entry.Step));
            }

            throw;
        }
    }

    void Insert(List<RunExecution> runs, List<(RunExecution Run, StepRecord Step)> steps, NodeIdentity node, HashSet<Guid> held)
    {
        var apart = new StepBatch(steps.GroupBy(entry => entry.Run, entry => entry.Step).Select(group => (group.Key, group.ToList())));
        using var connection = sources.Writer.OpenConnection();
        using var transaction = apart.HasMore ? connection.BeginTransaction() : null;
        InsertNew(connection, runs, apart, node, held);
        if (transaction is not null)
        {
            apart.WriteMore(connection, held);
            transaction.Commit();
        }
    }

    void InsertNew(NpgsqlConnection connection, List<RunExecution> runs, StepBatch steps, NodeIdentity node, HashSet<Guid> held)
    {
        using var command = new NpgsqlCommand(InsertSql, connection);
        BindRuns(command.Parameters, runs, node);
        StepColumns.Add(command.Parameters, steps.New);
        var byId = runs.ToDictionary(run => run.RunId);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var run = byId[reader.GetGuid(0)];
            held.Add(run.RunId);
            if (run.SeenWakes != reader.GetInt32(1))
            {
                run.Mailbox.Ring();
            }
        }
    }
}
