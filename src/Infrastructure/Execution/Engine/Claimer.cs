using System.Diagnostics.Metrics;
using System.Threading.Channels;
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
    FairClaim claims, LockedRuns brief, SlotShares shares, RunQueue queue, RunPlans plans, RunExecutor executor, RunSlots slots, ActiveRuns active, LastChances chances, NodeLease lease, DbClock clock, QueueSignal signal, EngineOptions options, ILogger<Claimer> log) : IRunDispatch
{
    /// <summary>Twice the note of as many (<c>execution.trials</c>) fits on one page of the database: it is rewritten in place.</summary>
    public const int MaxBatch = 120;

    /// <summary>As much of a batch says that the line is long.</summary>
    const int Many = MaxBatch / 2;

    /// <summary>While more waits than there are slots: long enough for some to come free, short against a run.</summary>
    public static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(2);

    /// <summary>Wakes the second lane.</summary>
    readonly Channel<bool> help = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public async Task Run(CancellationToken ct)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task[] lanes = [Lane(both.Token), HelpingLane(both.Token)];
        try
        {
            await await Task.WhenAny(lanes);
        }
        finally
        {
            await both.CancelAsync();
            await Task.WhenAll(lanes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <param name="taken">Counts them, where it is something to be counted.</param>
    /// <returns>Whether more may be waiting.</returns>
    public async Task<bool> ClaimSome(Counter<long>? taken, CancellationToken ct) => (await Claim(lane: 0, taken, ct)).IsMore;

    async Task Lane(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var (more, ended) = await Try(lane: 0, ct);
            if (ended >= Many)
            {
                help.Writer.TryWrite(true);
            }

            // What was ended at once has left its slots: there is nothing to wait for.
            if (ended == 0)
            {
                await signal.Wait(more ? Breath : options.Poll, ct);
            }
        }
    }

    /// <summary>While the line is long and most of it is ended as it is taken: the one lane's database work and the other's fill each other's pauses.</summary>
    async Task HelpingLane(CancellationToken ct)
    {
        await foreach (var _ in help.Reader.ReadAllAsync(ct))
        {
            while ((await Try(lane: 1, ct)).Ended >= Many)
            {
            }
        }
    }

    async Task<(bool IsMore, int Ended)> Try(short lane, CancellationToken ct)
    {
        try
        {
            return await Claim(lane, taken: null, ct);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            log.LogWarning("Claiming failed and is tried again: {Reason}", e.Message);
            await Task.Delay(options.Poll, ct);
            return (true, 0);
        }
    }

    async Task<(bool IsMore, int Ended)> Claim(short lane, Counter<long>? taken, CancellationToken ct)
    {
        var reserved = slots.Take(MaxBatch);
        var crowding = reserved < MaxBatch ? shares.Crowding() : [];
        var isSpare = reserved == 0;
        if (isSpare)
        {
            reserved = crowding.Length > 0 ? slots.TakeSpare(MaxBatch) : 0;
            if (reserved == 0)
            {
                return (true, 0);
            }
        }

        var started = 0;
        try
        {
            var node = lease.Current;
            if (node.Lost.IsCancellationRequested)
            {
                return (false, 0);
            }

            var (claimed, ended) = await Take(lane, node, reserved, crowding, ct);
            if (claimed.Count + ended == 0 && crowding.Length > 0 && !isSpare)
            {
                // Those who were seen to wait are served: nobody gains from a slot that stays empty.
                (claimed, ended) = await Take(lane, node, reserved, crowding: [], ct);
            }

            EngineMetrics.ClaimSize.Record(claimed.Count + ended);
            taken?.Add(claimed.Count + ended);
            started = await Begin(claimed, node, ct);

            // Fewer than asked for may be one tenant's share of a longer line; only an empty claim says that nothing waits.
            return (claimed.Count + ended > 0, ended);
        }
        finally
        {
            slots.Release(reserved - started);
        }
    }

    async Task<(IReadOnlyList<ClaimedRun> Leased, int Ended)> Take(short lane, NodeIdentity node, int count, Guid[] crowding, CancellationToken ct) =>
        brief.AreAllowed ? await brief.Take(lane, node, count, crowding, ct) : (await claims.Claim(node, count, plans.BriefVersions, crowding, ct), 0);

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

        executor.Start(run.Execution(node, plan.Value, [.. stored], clock));
        return true;
    }

    static SkillError Poisoned(int workers) =>
        new("poisoned", $"The run ended {workers} workers before it could finish; it is kept for inspection.", "internal", Retryable: false);

    static SkillError Unavailable(Error error) => new(error.Code, error.Message, "unavailable", Retryable: false);
}
