using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>How a run's time on a node ended.</summary>
abstract record RunEnd(RunExecution Execution, List<StepRecord> Steps);

/// <summary>A run's end, as it is stored and as a waiting caller gets it. JSON values are UTF-8.</summary>
/// <param name="MayHaveChildren">Child runs may still be under way that it waited for: they are asked to stop.</param>
sealed record FinishedRun(
    RunExecution Execution, RunStatus Status, byte[]? Output, byte[]? Error, string? FailedNode, int StepsCompleted, DateTimeOffset FinishedAt, List<StepRecord> Steps,
    bool MayHaveChildren = false)
    : RunEnd(Execution, Steps);

/// <summary>A run that holds nothing any more until something happens for it.</summary>
/// <param name="Status">Waiting or paused.</param>
/// <param name="WakeAt">When it goes on by itself; null: only when it is rung.</param>
/// <param name="Active">How long it was at work since it was taken up.</param>
/// <param name="CurrentNode">The node that it waits at, for those who look.</param>
sealed record ParkedRun(RunExecution Execution, RunStatus Status, DateTimeOffset? WakeAt, string? CurrentNode, int StepsCompleted, TimeSpan Active, List<StepRecord> Steps)
    : RunEnd(Execution, Steps);
