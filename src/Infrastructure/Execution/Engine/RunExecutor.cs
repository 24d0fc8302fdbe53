using AgentPlatform.Domain.Execution;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Takes one run from its start to its stored end. Ready nodes run concurrently; pure ones on this thread, one after another.</summary>
sealed class RunExecutor(RunLoopParts parts, Finisher finisher, Parker parker, RunWaker waker, RunSlots slots, ActiveRuns active, NodeLease lease, DbClock clock, ILogger<RunExecutor> log)
{
    /// <summary>Begins the run on the thread pool; its slot comes back when it has ended.</summary>
    public void Start(RunExecution run)
    {
        active.Add(run);
        ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Executor.Execute(state.Run), (Executor: this, Run: run), preferLocal: false);
    }

    /// <summary>Runs a pure graph before it is stored: see <see cref="NewRun.Ended"/>.</summary>
    public async ValueTask<FinishedRun> RunAhead(NewRun run)
    {
        var facts = new RunFacts(run.InputValue, clock.Now, run.Source.ToText(), run.Deadline, Family: run.Family, TraceParent: run.TraceParent, Asker: run.Asker);
        return (FinishedRun)await RunBrief(new RunExecution(run.Plan, run.RunId, attempt: 1, lease.Current, facts, clock));
    }

    /// <summary>Runs a pure graph, of which nothing is seen before its end is stored.</summary>
    public async ValueTask<RunEnd> RunBrief(RunExecution run)
    {
        using var span = RunTraces.Begin(run);
        var end = await new RunLoop(run, parts).Run();
        if (end is FinishedRun finished)
        {
            RunTraces.End(span, finished.Status);
        }

        return end;
    }

    async Task Execute(RunExecution run)
    {
        using var span = RunTraces.Begin(run);
        try
        {
            run.Begin();
            EngineMetrics.StartLatency.Record((run.StartedAt - run.QueuedAt).TotalMilliseconds);
            switch (await new RunLoop(run, parts).Run())
            {
                case FinishedRun finished:
                    await Finish(finished);
                    RunTraces.End(span, finished.Status);
                    break;
                case ParkedRun parked:
                    await Park(parked);
                    RunTraces.End(span, parked.Status);
                    break;
            }
        }
        catch (Exception e)
        {
            // The run stays in the queue under this node's lease, or is another node's already: it will be taken up again.
            EngineMetrics.Abandoned.Add(1);
            span?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, "abandoned");
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

    async Task Finish(FinishedRun finished)
    {
        if (!await finisher.Write(finished, CancellationToken.None))
        {
            throw new LeaseLostException(finished.Execution.RunId);
        }

        EngineMetrics.Finished.Add(1, new KeyValuePair<string, object?>("status", finished.Status.ToText()));
        finished.Execution.Finished.TrySetResult(finished);
        finished.Execution.EndStreams(finished);
    }

    async Task Park(ParkedRun parked)
    {
        var run = parked.Execution;
        if (!await parker.Write(parked, CancellationToken.None))
        {
            throw new LeaseLostException(run.RunId);
        }

        EngineMetrics.Parked.Add(1, new KeyValuePair<string, object?>("status", parked.Status.ToText()));
        if (parked.WakeAt is { } at)
        {
            waker.Expect(at);
        }

        // Who waits for its end asks the database from now on.
        run.Finished.TrySetCanceled();
        run.EndStreams(null);
    }

    /// <summary>Whether the run could not be ended for a reason outside it: the database was away, or the lease was.</summary>
    public static bool IsOutage(Exception e) => e switch
    {
        // The database refused the row itself: data exception, integrity violation, a limit of the server.
        PostgresException { SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] } => false,
        NpgsqlException or TimeoutException or IOException or LeaseLostException or OperationCanceledException => true,
        _ => false,
    };
}
