using System.Runtime.ExceptionServices;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Engine;

// Steps under way: begun here, reported to the mailbox, and stopped when the run leaves the loop.
sealed partial class RunLoop
{
    CancellationTokenSource? stop;
    int underWay;

    void Attempt(Frame frame, CompiledNode node, int attempt)
    {
        underWay++;
        stop ??= new CancellationTokenSource();
        _ = Report(frame, node.Index, attempt, parts.Steps.Try(run, frame, node, attempt, frame.TokenUnder(stop.Token)));
    }

    async Task Report(Frame frame, int index, int attempt, Task<SkillOutcome> step)
    {
        try
        {
            run.Mailbox.Post(new StepEnded(frame, index, attempt, await step, null));
        }
        catch (Exception e)
        {
            run.Mailbox.Post(new StepEnded(frame, index, attempt, default, e));
        }
    }

    bool TakeEnded()
    {
        var any = false;
        while (run.Mailbox.TryTake(out var ended))
        {
            any = true;
            underWay--;
            if (ended.Frame.IsGone)
            {
                continue;
            }

            if (ended.Failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            var node = ended.Frame.Graph.Nodes[ended.Index];
            if (ended.Outcome.Error is { } refusal && Consents.SignalOf(refusal) is { } consent)
            {
                waits.Add(new OpenNode(OpenKind.Consent, ended.Frame, node, null, ended.Attempt + 1, Name: consent));

                // It may have been given already.
                looks = true;
            }
            else if (ended.Outcome.Error is { } error && StepRunner.MayRetry(node.Retry, error, ended.Attempt))
            {
                var due = parts.Clock.Now + StepRunner.DelayAfter(node.Retry!, error, ended.Attempt);
                waits.Add(new OpenNode(OpenKind.Retry, ended.Frame, node, null, ended.Attempt + 1, DueAt: due));
            }
            else
            {
                Settle(ended.Frame, node, ended.Outcome);
            }
        }

        return any;
    }

    /// <summary>Nothing of the run goes on once it has left the loop: calls under way are aborted and waited for.</summary>
    async Task Stop()
    {
        if (stop is not null)
        {
            await stop.CancelAsync();
            while (underWay > 0)
            {
                await run.Mailbox.Wait(Timeout.InfiniteTimeSpan, parts.Time);
                run.Mailbox.TakeRing();
                while (run.Mailbox.TryTake(out _))
                {
                    underWay--;
                }
            }

            stop.Dispose();
            stop = null;
        }
    }
}
