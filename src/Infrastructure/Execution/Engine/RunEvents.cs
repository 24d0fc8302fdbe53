using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Events of a run that this node executes.</summary>
static class RunEvents
{
    public static RunEvent Started(RunExecution run) =>
        new(run.Attempt, 1, "run.started", RunEventJson.Started(run.RunId, run.Plan.AgentId, run.Plan.VersionId, run.Attempt, run.TakenUpAt));

    public static RunEvent StepStarted(RunExecution run, StepRecord step) =>
        new(run.Attempt, step.StartedEvent, "step.started", RunEventJson.StepStarted(run.RunId, step.Path, step.Node.Id, step.Attempt, step.StartedAt, step.Tool?.Tool, step.Tool is { } call ? Json.Write(call.Arguments) : null));

    public static RunEvent StepFinished(RunExecution run, StepRecord step) => new(run.Attempt, step.FinishedEvent, "step.finished",
        RunEventJson.StepFinished(run.RunId, step.Path, step.Node.Id, step.Attempt, step.Status.ToText(), step.Output, step.Error, step.FinishedAt!.Value, step.Tool?.Tool));

    /// <summary>A piece of a model's text: for those who watch now. It is stored nowhere; the whole text comes with the step's end.</summary>
    /// <param name="offset">Where it begins in what the step's model says, in UTF-16 units.</param>
    public static RunEvent Token(RunExecution run, StepRecord step, int offset, string text) =>
        new(run.Attempt, 0, "token", RunEventJson.Token(run.RunId, step.Path, step.Node.Id, step.Attempt, offset, text));

    /// <summary>The last event of all: its number is larger than that of any step.</summary>
    public static RunEvent Finished(FinishedRun run) => new(run.Execution.Attempt, int.MaxValue, "run.finished",
        RunEventJson.Finished(run.Execution.RunId, run.Status.ToText(), run.Output, run.Error, run.FinishedAt));
}
