using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Skills;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Takes one run from its start to its stored end. Ready nodes run concurrently; pure ones on this thread, one after another.</summary>
sealed class RunExecutor(StepRunner steps, Finisher finisher, RunSlots slots, ActiveRuns active, DbClock clock, TimeProvider time, ILogger<RunExecutor> log)
{
    /// <summary>Begins the run on the thread pool; its slot comes back when it has ended.</summary>
    public void Start(RunExecution run)
    {
        active.Add(run);
        ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Executor.Execute(state.Run), (Executor: this, Run: run), preferLocal: false);
    }

    async Task Execute(RunExecution run)
    {
        try
        {
            run.Begin();
            EngineMetrics.StartLatency.Record((run.StartedAt - run.QueuedAt).TotalMilliseconds);
            var finished = await Walk(run);
            if (!await finisher.Write(finished, CancellationToken.None))
            {
                throw new LeaseLostException(run.RunId);
            }

            EngineMetrics.Finished.Add(1, new KeyValuePair<string, object?>("status", finished.Status.ToText()));
            run.Finished.TrySetResult(finished);
            run.EndStreams(finished);
        }
        catch (Exception e)
        {
            // The run stays in the queue under this node's lease, or is another node's already: it will be taken up again.
            EngineMetrics.Abandoned.Add(1);
            log.LogWarning(e, "Run {RunId} could not be ended here and will be taken up again", run.RunId);
            active.Abandon(run.RunId, run.Attempt, run.Node, isToBlame: !IsOutage(e));
            run.Finished.TrySetCanceled();
            run.EndStreams(null);
        }
        finally
        {
            active.Remove(run);
            slots.Release(1);
        }
    }

    /// <summary>Whether the run could not be ended for a reason outside it: the database was away, or the lease was.</summary>
    public static bool IsOutage(Exception e) => e switch
    {
        // The database refused the row itself: data exception, integrity violation, a limit of the server.
        PostgresException { SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] } => false,
        NpgsqlException or TimeoutException or IOException or LeaseLostException or OperationCanceledException => true,
        _ => false,
    };

    async Task<FinishedRun> Walk(RunExecution run)
    {
        if (run.Deadline <= clock.Now)
        {
            return End(run, timedOut: true);
        }

        if (run.Plan.IsPure)
        {
            while (run.Walk.TryTakeReady(out var index))
            {
                Settle(run, index, StepRunner.RunPure(run, run.Plan.Graph.Nodes[index], (IPureSkill)run.Plan.Runners[index]));
            }

            return End(run, timedOut: false);
        }

        var limit = run.Deadline is { } deadline ? Earlier(deadline - clock.Now, run.Plan.Timeout) : run.Plan.Timeout;
        using var timer = new CancellationTokenSource(limit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, run.Node.Lost);
        var underWay = new List<Task<(int Index, SkillOutcome Outcome)>>();
        try
        {
            while (true)
            {
                while (run.Walk.TryTakeReady(out var index))
                {
                    var node = run.Plan.Graph.Nodes[index];
                    if (run.Plan.Runners[index] is IPureSkill pure)
                    {
                        Settle(run, index, StepRunner.RunPure(run, node, pure));
                    }
                    else
                    {
                        underWay.Add(Effectful(run, index, stop.Token));
                    }
                }

                if (underWay.Count == 0 || run.Walk.Failure is not null)
                {
                    break;
                }

                var next = await Task.WhenAny(underWay);
                underWay.Remove(next);
                var (done, outcome) = await next;
                Settle(run, done, outcome);
            }
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !run.Node.Lost.IsCancellationRequested)
        {
            return End(run, timedOut: true);
        }
        finally
        {
            // Nothing of the run goes on once it has ended: calls under way are aborted and waited for.
            await stop.CancelAsync();
            foreach (var open in underWay)
            {
                await ((Task)open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return End(run, timedOut: false);
    }

    async Task<(int Index, SkillOutcome Outcome)> Effectful(RunExecution run, int index, CancellationToken ct) =>
        (index, await steps.RunEffectful(run, run.Plan.Graph.Nodes[index], ct));

    static void Settle(RunExecution run, int index, SkillOutcome outcome)
    {
        if (outcome.Error is { } error)
        {
            run.Walk.Fail(index, error);
        }
        else
        {
            run.Walk.Succeed(index, outcome.Output);
        }

        while (run.Walk.TryTakeUnrun(out var unrun, out var refusal))
        {
            run.RecordUnrun(run.Plan.Graph.Nodes[unrun], refusal);
        }
    }

    FinishedRun End(RunExecution run, bool timedOut)
    {
        run.CancelOpenSteps();
        var failure = timedOut
            ? new RunFailure(new SkillError("deadline_exceeded", "The run did not end in the time it was given.", SkillErrorClass.Timeout, Retryable: false), null)
            : run.Walk.Failure;
        byte[]? output = null;
        if (failure is null)
        {
            (output, failure) = Output(run);
        }

        return new FinishedRun(
            run,
            failure is null ? RunStatus.Succeeded : RunStatus.Failed,
            output,
            failure is null ? null : Json.Write(failure.Error, failure.NodeId),
            failure?.NodeId,
            run.Walk.Settled,
            clock.Now,
            run.TakeUnstored());
    }

    static (byte[]? Output, RunFailure? Failure) Output(RunExecution run)
    {
        try
        {
            return Json.Write(run.Walk.Output(CancellationToken.None)) is { } output
                ? (output, null)
                : (null, new RunFailure(new SkillError("output_too_large", $"The run's output is larger than {Json.MaxOutputBytes} bytes.", SkillErrorClass.Limit, Retryable: false), null));
        }
        catch (ExpressionException e)
        {
            return (null, new RunFailure(new SkillError("output_failed", $"The graph's output could not be made: {e.Error.Message}", "expression", Retryable: false), null));
        }
    }

    static TimeSpan Earlier(TimeSpan a, TimeSpan b)
    {
        var earlier = a < b ? a : b;
        return earlier > TimeSpan.Zero ? earlier : TimeSpan.FromMilliseconds(1);
    }
}
