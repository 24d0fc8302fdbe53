namespace AgentPlatform.Domain.Execution;

/// <summary>What became of one node of a run. Stored as lower-case text.</summary>
public enum StepStatus
{
    Running,
    Succeeded,
    Failed,
    Skipped,
    Waiting,
    Canceled,
}

public static class StepStates
{
    public static string ToText(this StepStatus status) => status switch
    {
        StepStatus.Running => "running",
        StepStatus.Succeeded => "succeeded",
        StepStatus.Failed => "failed",
        StepStatus.Skipped => "skipped",
        StepStatus.Waiting => "waiting",
        StepStatus.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
