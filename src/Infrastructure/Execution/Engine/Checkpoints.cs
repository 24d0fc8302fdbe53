using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Stores the results of effectful steps before anything that depends on them starts, together with the pure steps that came before.
/// The run's queue row is share-locked meanwhile, so a lease cannot move to another node between the check and the insert.
/// </summary>
sealed class Checkpoints(DataSources sources, ILogger<Checkpoints> log) : IAsyncDisposable
{
    const string InsertSql = $"""
        with held as materialized (
          select q.run_id from unnest(@tenants, @ids, @attempts) as h (tenant_id, id, attempt)
          join execution.run_queue q on q.tenant_id = h.tenant_id and q.run_id = h.id
          where q.lease_owner = @node and q.attempt = h.attempt
          for share of q
        ), steps as (
          insert into execution.run_steps ({StepColumns.Names})
          select {StepColumns.Names} from {StepColumns.RowSource}
          where (s.run_id in (select run_id from held)) is true
        )
        select run_id from held
        """;

    GroupCommit<RunExecution, bool>? writer;

    public void Open() => writer = new GroupCommit<RunExecution, bool>(Store, maxBatch: 128, capacity: 20_000, writers: 1, log);

    /// <returns>False when the lease was lost: the run must stop here, and nothing was written.</returns>
    public Task<bool> Write(RunExecution run, CancellationToken ct) => writer!.Write(run, ct);

    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
        {
            await writer.DisposeAsync();
        }
    }

    async Task<IReadOnlyList<bool>> Store(IReadOnlyList<RunExecution> batch, CancellationToken ct)
    {
        var held = new HashSet<Guid>(batch.Count);
        foreach (var group in batch.GroupBy(run => run.Node))
        {
            // Two branches of one run may checkpoint in the same batch: the run is asked for once.
            await Store([.. group.Distinct()], group.Key, held, ct);
        }

        return [.. batch.Select(run => held.Contains(run.RunId))];
    }

    /// <summary>
    /// What is unstored is taken here, by the only writer, and not by those who ask: of two branches that end together one could take
    /// the other's step, and the other would go on before it was stored.
    /// </summary>
    async Task Store(List<RunExecution> runs, NodeIdentity node, HashSet<Guid> held, CancellationToken ct)
    {
        var steps = runs.SelectMany(run => run.TakeUnstored(), (run, step) => (Run: run, Step: step)).ToList();
        try
        {
            await Insert(runs, steps, node, held, ct);
        }
        catch
        {
            foreach (var run in runs)
            {
                run.PutBack(steps.Where(entry => entry.Run == run).Select(entry => entry.Step));
            }

            throw;
        }
    }

    async Task Insert(List<RunExecution> runs, List<(RunExecution Run, StepRecord Step)> steps, NodeIdentity node, HashSet<Guid> held, CancellationToken ct)
    {
        var apart = new StepBatch(steps.GroupBy(entry => entry.Run, entry => entry.Step).Select(group => (group.Key, group.ToList())));
        await using var connection = await sources.Writer.OpenConnectionAsync(ct);
        await using var transaction = apart.HasFormer ? await connection.BeginTransactionAsync(ct) : null;
        await InsertNew(connection, runs, apart, node, held, ct);
        if (transaction is not null)
        {
            await apart.UpdateFormer(connection, held, ct);
            await transaction.CommitAsync(ct);
        }
    }

    static async Task InsertNew(NpgsqlConnection connection, List<RunExecution> runs, StepBatch steps, NodeIdentity node, HashSet<Guid> held, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(InsertSql, connection);
        var columns = new Columns(command.Parameters, runs.Count);
        columns.Add("tenants", NpgsqlDbType.Uuid, i => runs[i].Plan.TenantId);
        columns.Add("ids", NpgsqlDbType.Uuid, i => runs[i].RunId);
        columns.Add("attempts", NpgsqlDbType.Integer, i => runs[i].Attempt);
        command.Parameters.AddWithValue("node", node.Id);
        StepColumns.Add(command.Parameters, steps.New);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            held.Add(reader.GetGuid(0));
        }
    }
}
