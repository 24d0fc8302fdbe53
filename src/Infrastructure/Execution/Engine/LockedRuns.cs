using System.Diagnostics;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Takes runs from the queue, and ends those at once that are over as soon as they begin: not leased, but executed while their rows are locked and stored in the
/// transaction that locked them. A node that dies or stands still loses its transaction, so nothing of theirs was done; see ADR 0048.
/// </summary>
sealed class LockedRuns(DataSources sources, FairClaim claims, TrialNotes notes, RunPlans plans, RunExecutor executor, Finisher finisher, DbClock clock, EngineOptions options, ILogger<LockedRuns> log)
{
    /// <summary>Where a batch failed, its runs are taken up one by one, under leases, before any is locked again.</summary>
    static readonly TimeSpan Sobering = TimeSpan.FromMinutes(1);

    /// <summary>Runs that were not begun within it are leased: others wait for this transaction's end.</summary>
    static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(100);

    const string LeaseSql = """
        update execution.run_queue q set lease_owner = @node, attempt = q.attempt + 1, announced_at = null from unnest(@places::tid[]) as g (place) where q.ctid = g.place
        """;

    /// <summary>Until then, as <see cref="Stopwatch"/> counts, all are leased.</summary>
    long sober;

    /// <summary>Whether some may be locked; else all are to be leased.</summary>
    public bool AreAllowed => plans.BriefVersions.Length > 0 && Stopwatch.GetTimestamp() >= Volatile.Read(ref sober);

    /// <param name="lane">Which of the claims that this node makes beside each other.</param>
    /// <param name="crowding">Tenants whose runs are left where they are.</param>
    /// <returns>The runs that were leased, which are to be begun, and how many others were ended.</returns>
    public async Task<(IReadOnlyList<ClaimedRun> Leased, int Ended)> Take(short lane, NodeIdentity node, int count, Guid[] crowding, CancellationToken ct)
    {
        await using var connection = await sources.RunWriter.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var claimed = await claims.ClaimOrLock(connection, node, count, plans.BriefVersions, crowding, options.Lease, ct);
        var locked = claimed.Where(run => run.Place is not null).ToList();
        try
        {
            var ended = locked.Count == 0 ? [] : await End(connection, lane, node, locked, ct);
            await transaction.CommitAsync(ct);
            ended.ForEach(Tell);
            var done = ended.Select(run => run.Execution.RunId).ToHashSet();
            return ([.. claimed.Where(run => !done.Contains(run.RunId))], ended.Count);
        }
        catch (Exception e) when (locked.Count > 0 && !ct.IsCancellationRequested)
        {
            Volatile.Write(ref sober, Stopwatch.GetTimestamp() + (long)(Sobering.TotalSeconds * Stopwatch.Frequency));
            log.LogWarning(e, "A batch of {Count} brief runs failed; for a while such runs are leased", locked.Count);
            if (RunExecutor.IsOutage(e))
            {
                throw;
            }

            return ([], 0);
        }
    }

    /// <summary>Those that cannot be ended here are leased instead.</summary>
    async Task<List<FinishedRun>> End(NpgsqlConnection connection, short lane, NodeIdentity node, List<ClaimedRun> locked, CancellationToken ct)
    {
        // The database forgets the transaction, should this process die of one of them.
        await notes.Write(lane, node, locked.ConvertAll(run => (run.TenantId, run.RunId)), ct);
        var (ended, ends, rest) = (new List<FinishedRun>(locked.Count), new List<string>(locked.Count), new List<string>());
        var began = Stopwatch.GetTimestamp();
        foreach (var run in locked)
        {
            if (Stopwatch.GetElapsedTime(began) < Budget && await Execute(run, node, ct) is { } finished)
            {
                ended.Add(finished);
                ends.Add(run.Place!);
            }
            else
            {
                rest.Add(run.Place!);
            }
        }

        if (rest.Count > 0)
        {
            await Lease(connection, node, rest, ct);
        }

        if (ended.Count > 0)
        {
            await finisher.EndLocked(connection, ended, ends, node, ct);
        }

        return ended;
    }

    /// <returns>Null when there is no end to be had: whoever executes it under a lease finds out why, and it is counted.</returns>
    async Task<FinishedRun?> Execute(ClaimedRun run, NodeIdentity node, CancellationToken ct)
    {
        try
        {
            var plan = await plans.OfAgent(run.TenantId, run.AgentId.ToString(), run.VersionId.ToString(), ct);
            return plan.IsOk ? await executor.RunBrief(run.Execution(node, plan.Value, [], clock)) as FinishedRun : null;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.LogWarning(e, "Run {RunId} of tenant {TenantId} could not be ended at once and is leased", run.RunId, run.TenantId);
            return null;
        }
    }

    static async Task Lease(NpgsqlConnection connection, NodeIdentity node, List<string> places, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(LeaseSql, connection);
        command.Parameters.AddWithValue("node", node.Id);
        command.Parameters.AddWithValue("places", places);
        await command.ExecuteNonQueryAsync(ct);
    }

    static void Tell(FinishedRun run)
    {
        EngineMetrics.StartLatency.Record((run.Execution.StartedAt - run.Execution.QueuedAt).TotalMilliseconds);
        EngineMetrics.Finished.Add(1, new KeyValuePair<string, object?>("status", run.Status.ToText()));
    }
}
