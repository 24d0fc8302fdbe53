using System.Diagnostics.Metrics;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Execution.Dispatch;
using AgentPlatform.Infrastructure.Execution.Flow;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Takes queued runs as slots are free: woken by notifications, with a slow poll as the safety net. Runs whose node was lost
/// come through here as well, and go on after their checkpoints.
/// </summary>
sealed class Claimer(
    FairClaim claims, SlotShares shares, RunQueue queue, RunPlans plans, RunExecutor executor, RunSlots slots, ActiveRuns active, LastChances chances, NodeLease lease, DbClock clock, QueueSignal signal, EngineOptions options, ILogger<Claimer> log) : IRunDispatch
{
    public const int MaxBatch = 128;

    /// <summary>While more waits than there are slots: long enough for some to come free, short against a run.</summary>
    public static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(2);

    public async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var more = await ClaimSome(taken: null, ct);
                await signal.Wait(more ? Breath : options.Poll, ct);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("Claiming failed and is tried again: {Reason}", e.Message);
                await Task.Delay(options.Poll, ct);
            }
        }
    }

    /// <param name="taken">Counts them, where it is something to be counted.</param>
    /// <returns>Whether more may be waiting.</returns>
    public async Task<bool> ClaimSome(Counter<long>? taken, CancellationToken ct)
    {
        var reserved = slots.Take(MaxBatch);
        var crowding = reserved < MaxBatch ? shares.Crowding() : [];
        var isSpare = reserved == 0;
        if (isSpare)
        {
            reserved = crowding.Length > 0 ? slots.TakeSpare(MaxBatch) : 0;
            if (reserved == 0)
            {
                return true;
            }
        }

        var started = 0;
        try
        {
            var node = lease.Current;
            if (node.Lost.IsCancellationRequested)
            {
                return false;
            }

            var claimed = await claims.Claim(node, reserved, plans.BriefVersions, crowding, ct);
            if (claimed.Count == 0 && crowding.Length > 0 && !isSpare)
            {
                // Those who were seen to wait are served: nobody gains from a slot that stays empty.
                claimed = await claims.Claim(node, reserved, plans.BriefVersions, crowding: [], ct);
            }

            EngineMetrics.ClaimSize.Record(claimed.Count);
            taken?.Add(claimed.Count);
            started = await Begin(claimed, node, ct);

            // Fewer than asked for may be one tenant's share of a longer line; only an empty claim says that nothing waits.
            return claimed.Count > 0;
        }
        finally
        {
            slots.Release(reserved - started);
        }
    }

    /// <summary>Each takes a slot that the caller has reserved.</summary>
    /// <returns>How many began; the others were refused or given back.</returns>
    public async Task<int> Begin(IReadOnlyList<ClaimedRun> claimed, NodeIdentity node, CancellationToken ct)
    {
        var started = 0;
        var (due, stored) = await Prepare(claimed, node, ct);
        foreach (var run in due)
        {
            started += await TryStart(run, node, stored?[run.RunId] ?? [], ct) ? 1 : 0;
        }

        return started;
    }

    /// <summary>
    /// Which of them begin now, and what those that were taken up before, or that take earlier steps over, have stored (null when there is none). The others are given
    /// back first: a run that waits for another one's trial and was still held here would be taken for its accomplice.
    /// </summary>
    async Task<(IReadOnlyList<ClaimedRun> Due, ILookup<Guid, StoredStep>? Stored)> Prepare(IReadOnlyList<ClaimedRun> claimed, NodeIdentity node, CancellationToken ct)
    {
        try
        {
            var due = claimed;
            if (chances.Defer(claimed) is { Count: > 0 } deferred)
            {
                await queue.Postpone(deferred, node, LastChances.Wait, ct);
                due = [.. claimed.Except(deferred)];
            }

            var again = due.Where(run => run.Attempt > 1 || run.Reuses).ToList();
            return (due, again.Count > 0 ? await queue.ReadCheckpoints(again, ct) : null);
        }
        catch
        {
            // They are leased to this node: without this nobody would ever execute them.
            foreach (var run in claimed)
            {
                active.Abandon(run.RunId, run.Attempt, node, isToBlame: false);
            }

            throw;
        }
    }

    /// <summary>One run that cannot be begun must not keep back those that were claimed with it.</summary>
    async Task<bool> TryStart(ClaimedRun run, NodeIdentity node, IEnumerable<StoredStep> stored, CancellationToken ct)
    {
        try
        {
            return await Start(run, node, stored, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.LogError(e, "Run {RunId} of tenant {TenantId} could not be begun and is given back", run.RunId, run.TenantId);
            active.Abandon(run.RunId, run.Attempt, node, isToBlame: !RunExecutor.IsOutage(e));
            return false;
        }
    }

    async Task<bool> Start(ClaimedRun run, NodeIdentity node, IEnumerable<StoredStep> stored, CancellationToken ct)
    {
        if (run.LostWorkers >= options.MaxLostWorkers)
        {
            log.LogError("Run {RunId} of tenant {TenantId} took {Count} workers down and is kept as poisoned", run.RunId, run.TenantId, run.LostWorkers);
            await queue.Refuse(run, node, RunStatus.Failed, Poisoned(run.LostWorkers), ct);
            return false;
        }

        // A run that has not begun must not begin once its agent was switched off; one that has goes on to its end.
        var plan = run.Attempt == 1
            ? await plans.OfAgent(run.TenantId, run.AgentId.ToString(), run.VersionId.ToString(), ct)
            : await plans.OfVersion(run.TenantId, run.VersionId, ct);
        if (!plan.IsOk)
        {
            await queue.Refuse(run, node, RunStatus.Canceled, Unavailable(plan.Error), ct);
            return false;
        }

        executor.Start(Execution(run, node, plan.Value, [.. stored]));
        return true;
    }

    RunExecution Execution(ClaimedRun run, NodeIdentity node, RunPlan plan, List<StoredStep> stored) =>
        new(plan, run.RunId, run.Attempt, node, Facts(run), clock)
        {
            Checkpoints = Checkpoint.Gather(stored),
            FormerUsage = stored.SelectMany(step => step.Usage),
            FirstSequence = stored.Count == 0 ? 0 : stored.Max(step => step.Sequence) + 1,
        };

    static RunFacts Facts(ClaimedRun run) => new(
        Json.Read(run.Input), run.QueuedAt, run.TriggerSource, run.Deadline, run.Config is { } config ? Json.Read(config) : null, run.FirstStartedAt, run.Active,
        run.Family, run.Wakes, run.CancelRequested, run.PauseRequested, run.TraceParent, run.Asker, run.IsStoredAsBegun);

    static SkillError Poisoned(int workers) =>
        new("poisoned", $"The run ended {workers} workers before it could finish; it is kept for inspection.", "internal", Retryable: false);

    static SkillError Unavailable(Error error) => new(error.Code, error.Message, "unavailable", Retryable: false);
}
