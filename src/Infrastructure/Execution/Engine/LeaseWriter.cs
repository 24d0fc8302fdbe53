using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// A group-commit writer of what runs under this node's lease have done. Whatever it writes it writes only for runs that the statement itself
/// proves to be still this node's, in this attempt; of the others nothing is written, and the answer is false.
/// </summary>
/// <typeparam name="T">What is written of a run.</typeparam>
abstract class LeaseWriter<T>(int maxBatch, ILogger log) : IAsyncDisposable
{
    const int Capacity = 20_000;

    GroupCommit<T, bool>? writer;

    public void Open() => writer = new GroupCommit<T, bool>(Store, maxBatch, Capacity, log);

    /// <returns>False when the lease was lost: another node has the run, and nothing was written.</returns>
    public Task<bool> Write(T item, CancellationToken ct) => writer!.Write(item, ct);

    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
        {
            await writer.DisposeAsync();
        }
    }

    protected abstract RunExecution RunOf(T item);

    /// <param name="held">Takes the runs that are still this node's.</param>
    protected abstract void Store(List<T> items, NodeIdentity node, HashSet<Guid> held);

    /// <summary>The runs' columns that every such statement begins with, and the node.</summary>
    protected Columns BindRuns(NpgsqlParameterCollection parameters, List<T> items, NodeIdentity node)
    {
        parameters.AddWithValue("node", node.Id);
        var columns = new Columns(parameters, items.Count);
        columns.Add("tenants", NpgsqlTypes.NpgsqlDbType.Uuid, i => RunOf(items[i]).Plan.TenantId);
        columns.Add("ids", NpgsqlTypes.NpgsqlDbType.Uuid, i => RunOf(items[i]).RunId);
        columns.Add("attempts", NpgsqlTypes.NpgsqlDbType.Integer, i => RunOf(items[i]).Attempt);
        return columns;
    }

    protected static void ReadIds(NpgsqlCommand command, HashSet<Guid> into)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            into.Add(reader.GetGuid(0));
        }
    }

    IReadOnlyList<bool> Store(IReadOnlyList<T> batch)
    {
        var ours = new HashSet<RunExecution>(batch.Count);

        // Usually one group: a node changes its identity only when it lost its lease. Two branches of one run may be in one batch: it is asked for once.
        foreach (var group in batch.GroupBy(item => RunOf(item).Node))
        {
            List<T> rest = [.. group.DistinctBy(RunOf)];
            while (rest.Count > 0)
            {
                // A run may be here twice, in an attempt that lost its lease and in the one that took it over: each is asked for by itself.
                List<T> once = [.. rest.DistinctBy(item => RunOf(item).RunId)];
                var held = new HashSet<Guid>(once.Count);
                Store(once, group.Key, held);
                ours.UnionWith(once.Select(RunOf).Where(run => held.Contains(run.RunId)));
                rest = once.Count == rest.Count ? [] : [.. rest.ExceptBy(once.Select(RunOf), RunOf)];
            }
        }

        return [.. batch.Select(item => ours.Contains(RunOf(item)))];
    }
}
