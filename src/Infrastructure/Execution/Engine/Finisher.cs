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
          returning f.*
        ), done as (
          update execution.runs r
          set status = e.status, output = e.output, error = e.error, current_node = e.failed_node, steps_completed = e.completed,
            started_at = e.started_at, finished_at = e.finished_at
          from ended e
          where r.tenant_id = e.tenant_id and r.id = e.id and r.status = 'running'
          returning r.id
        ), steps as (
          insert into execution.run_steps ({StepColumns.Names})
          select {StepColumns.Names} from {StepColumns.RowSource}
          where (s.run_id in (select id from ended)) is true
        )
        select id from done
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
        await using var connection = await sources.Writer.OpenConnectionAsync(ct);
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
        StepColumns.Add(command.Parameters, [.. runs.SelectMany(run => run.Steps, (run, step) => (run.Execution, step))]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            done.Add(reader.GetGuid(0));
        }
    }
}
