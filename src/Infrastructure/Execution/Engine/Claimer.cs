using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Execution.Skills;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Takes queued runs as slots are free: woken by notifications, with a slow poll as the safety net. Runs whose node was lost
/// come through here as well, and go on after their checkpoints.
/// </summary>
sealed class Claimer(
    RunQueue queue, RunPlans plans, RunExecutor executor, RunSlots slots, NodeLease lease, DbClock clock, QueueSignal signal, EngineOptions options, ILogger<Claimer> log)
{
    const int MaxBatch = 128;

    /// <summary>While more waits than there are slots: long enough for some to come free, short against a run.</summary>
    static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(2);

    volatile int waiting;

    /// <summary>The last count of runs that wait in the queue; refreshed at every poll.</summary>
    public int Waiting => waiting;

    public async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var more = await ClaimSome(ct);
                if (!more)
                {
                    waiting = await queue.CountWaiting(options.MaxQueueDepth, ct);
                }

                await signal.Wait(more ? Breath : options.Poll, ct);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("Claiming failed and is tried again: {Reason}", e.Message);
                await Task.Delay(options.Poll, ct);
            }
        }
    }

    /// <returns>Whether more may be waiting.</returns>
    async Task<bool> ClaimSome(CancellationToken ct)
    {
        var reserved = slots.Take(MaxBatch);
        if (reserved == 0)
        {
            return true;
        }

        var started = 0;
        try
        {
            var node = lease.Current;
            var claimed = await queue.Claim(node, reserved, ct);
            var again = claimed.Where(run => run.Attempt > 1).ToList();
            var stored = again.Count > 0 ? await queue.ReadCheckpoints(again, ct) : null;
            foreach (var run in claimed)
            {
                started += await Start(run, node, stored?[run.RunId] ?? [], ct) ? 1 : 0;
            }

            return claimed.Count == reserved;
        }
        finally
        {
            slots.Release(reserved - started);
        }
    }

    async Task<bool> Start(ClaimedRun run, NodeIdentity node, IEnumerable<StoredStep> stored, CancellationToken ct)
    {
        if (run.Attempt > EngineOptions.MaxAttempts)
        {
            log.LogError("Run {RunId} of tenant {TenantId} took {Count} workers down and is kept as poisoned", run.RunId, run.TenantId, run.Attempt - 1);
            await queue.Refuse(run, node, RunStatus.Failed, Poisoned(run.Attempt - 1), ct);
            return false;
        }

        var plan = await plans.OfVersion(run.TenantId, run.VersionId, ct);
        if (!plan.IsOk)
        {
            await queue.Refuse(run, node, RunStatus.Canceled, Unavailable(plan.Error), ct);
            return false;
        }

        executor.Start(Execution(run, node, plan.Value, [.. stored]));
        return true;
    }

    RunExecution Execution(ClaimedRun run, NodeIdentity node, RunPlan plan, List<StoredStep> stored) =>
        new(plan, run.RunId, run.Attempt, node, Json.Read(run.Input), run.QueuedAt, run.TriggerSource, clock, run.Deadline)
        {
            Checkpoints = Gather(plan, stored),
            FirstSequence = stored.Count == 0 ? 0 : stored.Max(step => step.Sequence) + 1,
        };

    /// <summary>Effectful nodes only: a pure step is recomputed, whatever was stored of it.</summary>
    static Dictionary<int, Checkpoint> Gather(RunPlan plan, List<StoredStep> stored)
    {
        var checkpoints = new Dictionary<int, Checkpoint>();
        foreach (var step in stored)
        {
            var index = plan.Graph.IndexOf(step.NodeId);
            if (index < 0 || plan.Runners[index] is IPureSkill || step.Status is not ("succeeded" or "failed"))
            {
                continue;
            }

            var wasLast = step.Error is null || !StepRunner.MayRetry(plan.Graph.Nodes[index].Retry, step.Error, step.Attempt);
            checkpoints[index] = new Checkpoint(step.Output, wasLast ? step.Error : null, step.Attempt);
        }

        return checkpoints;
    }

    static SkillError Poisoned(int workers) =>
        new("poisoned", $"The run ended {workers} workers before it could finish; it is kept for inspection.", "internal", Retryable: false);

    static SkillError Unavailable(Error error) => new(error.Code, error.Message, "unavailable", Retryable: false);
}
