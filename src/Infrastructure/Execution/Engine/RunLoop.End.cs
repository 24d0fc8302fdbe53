using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What a run comes to when its loop is left: its end, or a place to lie down.</summary>
sealed partial class RunLoop
{
    RunEnd End(Turn turn)
    {
        if (turn is Turn.Parked)
        {
            var due = waits.Min(wait => wait.NextAt);
            var wakeAt = pausing || run.Deadline < due || due is null ? run.Deadline : due;
            return new ParkedRun(
                run, pausing ? RunStatus.Paused : RunStatus.Waiting, wakeAt, waits.FirstOrDefault()?.Node.Id, run.Walk.Settled, run.Active, run.TakeParked());
        }

        run.CancelOpenSteps();
        var failure = turn switch
        {
            Turn.TimedOut => new RunFailure(new SkillError("deadline_exceeded", "The run did not end in the time it was given.", SkillErrorClass.Timeout, Retryable: false), null),
            Turn.Canceled => new RunFailure(new SkillError("canceled", "The run was canceled.", SkillErrorClass.Canceled, Retryable: false), null),
            _ => run.Walk.Failure,
        };
        byte[]? output = null;
        if (failure is null)
        {
            (output, failure) = Output();
        }

        var status = failure is null ? RunStatus.Succeeded : turn is Turn.Canceled ? RunStatus.Canceled : RunStatus.Failed;
        return new FinishedRun(
            run, status, output, failure is null ? null : Json.Write(failure.Error, failure.NodeId), failure?.NodeId, run.Walk.Settled, parts.Clock.Now, run.TakeUnstored(),
            MayHaveChildren: unread || opening.Count > 0 || forsaken.Count > 0 || waits.Exists(wait => wait.Kind is OpenKind.Child));
    }

    (byte[]? Output, RunFailure? Failure) Output()
    {
        try
        {
            return Json.Write(run.Walk.Output(CancellationToken.None)) is { } output
                ? (output, null)
                : (null, new RunFailure(new SkillError("output_too_large", $"The run's output is larger than {Json.MaxOutputBytes} bytes.", SkillErrorClass.Limit, Retryable: false), null));
        }
        catch (ExpressionException e)
        {
            return (null, new RunFailure(OutputFailed(e), null));
        }
    }

    static SkillError OutputFailed(ExpressionException e) =>
        new("output_failed", $"The graph's output could not be made: {e.Error.Message}", SkillErrorClass.Expression, Retryable: false);
}
