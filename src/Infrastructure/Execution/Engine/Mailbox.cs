using System.Diagnostics.CodeAnalysis;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What a run's loop is told: a step that ended. A doorbell is told apart, since one is as good as many.</summary>
/// <param name="Failure">What the step threw; then there is no outcome.</param>
sealed record StepEnded(Frame Frame, int Index, int Attempt, SkillOutcome Outcome, Exception? Failure);

/// <summary>Where steps that end, doorbells and the loss of the lease reach the one loop that moves a run on.</summary>
sealed class Mailbox
{
    readonly Lock gate = new();
    Queue<StepEnded>? ended;
    TaskCompletionSource? sleeper;
    volatile bool rung;

    public void Post(StepEnded step)
    {
        lock (gate)
        {
            (ended ??= []).Enqueue(step);
        }

        Wake();
    }

    /// <summary>Something came in for the run: a signal, a decision, a child's end, a request to cancel or to pause.</summary>
    public void Ring()
    {
        rung = true;
        Wake();
    }

    public bool TryTake([MaybeNullWhen(false)] out StepEnded step)
    {
        lock (gate)
        {
            step = null;
            return ended?.TryDequeue(out step) ?? false;
        }
    }

    /// <returns>Whether it rang since the last time this was asked.</returns>
    public bool TakeRing()
    {
        var was = rung;
        if (was)
        {
            rung = false;
        }

        return was;
    }

    /// <summary>Returns when there is something to take, or after <paramref name="atMost"/>.</summary>
    public async Task Wait(TimeSpan atMost, TimeProvider time)
    {
        TaskCompletionSource mine;
        lock (gate)
        {
            if (rung || ended is { Count: > 0 })
            {
                return;
            }

            mine = sleeper = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            await (atMost == Timeout.InfiniteTimeSpan ? mine.Task : mine.Task.WaitAsync(atMost, time));
        }
        catch (TimeoutException)
        {
            // What is due is looked at by the caller.
        }
    }

    void Wake()
    {
        TaskCompletionSource? asleep;
        lock (gate)
        {
            asleep = sleeper;
            sleeper = null;
        }

        asleep?.TrySetResult();
    }
}
