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

    /// <summary>Whether nothing may be taken for the moment.</summary>
    public bool IsHeld => chances.AreOn;

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
        if (IsHeld)
        {
            return (true, 0);
        }

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
        var (due, stored, tried) = await Prepare(claimed, node, ct);
        foreach (var run in due)
        {
            started += await TryStart(run, node, stored?[run.RunId] ?? [], ct) ? 1 : 0;
        }

        return started + (tried is not null && await TryAlone(tried, node, ct) ? 1 : 0);
    }

    /// <summary>
    /// Which of them begin now, and what those that were taken up before, or that take earlier steps over, have stored (null when there is none); and which one is to be
    /// tried after them. The others are given back.
    /// </summary>
    async Task<(IReadOnlyList<ClaimedRun> Due, ILookup<Guid, StoredStep>? Stored, ClaimedRun? Tried)> Prepare(IReadOnlyList<ClaimedRun> claimed, NodeIdentity node, CancellationToken ct)
    {
        var (due, tried, deferred) = chances.Choose(claimed);
        try
        {
            if (deferred.Count > 0)
            {
                await queue.Postpone(deferred, node, LastChances.Wait, ct);
            }

            return (due, await Stored(due, ct), tried);
        }
        catch
        {
            // They are leased to this node: without this nobody would ever execute them.
            foreach (var run in claimed)
            {
                active.Abandon(run.RunId, run.Attempt, node, isToBlame: false);
            }

            if (tried is not null)
            {
                chances.Begun();
            }

            throw;
        }
    }

    async Task<ILookup<Guid, StoredStep>?> Stored(IReadOnlyList<ClaimedRun> due, CancellationToken ct)
    {
        var again = due.Where(run => run.Attempt > 1 || run.Reuses).ToList();
        return again.Count > 0 ? await queue.ReadCheckpoints(again, ct) : null;
    }

    /// <summary>Reading what it has stored is part of the trial: that, too, may be what kills.</summary>
    async Task<bool> TryAlone(ClaimedRun run, NodeIdentity node, CancellationToken ct)
    {
        try
        {
            await chances.Open(node, ct);
            return await TryStart(run, node, (await Stored([run], ct))?[run.RunId] ?? [], ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.LogWarning(e, "The trial of run {RunId} of tenant {TenantId} could not begin and it is given back", run.RunId, run.TenantId);
            active.Abandon(run.RunId, run.Attempt, node, isToBlame: false);
            return false;
        }
        finally
        {
            chances.Begun();
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
