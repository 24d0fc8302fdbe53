namespace AgentPlatform.Domain.Execution;

/// <summary>Where a run is in its life. Stored as lower-case text.</summary>
public enum RunStatus
{
    /// <summary>Accepted and durable; no worker holds it.</summary>
    Queued,
    Running,
    /// <summary>Waits for a time, a signal or a person; holds no worker.</summary>
    Waiting,
    Paused,
    Succeeded,
    Failed,
    Canceled,
}

/// <summary>
/// The run's state machine. Every transition in SQL is one guarded UPDATE over the same table of moves,
/// so two workers can never both finish a run, and a final state never changes (a database trigger refuses it as well).
/// </summary>
public static class RunStates
{
    public static bool IsFinal(this RunStatus status) => status is RunStatus.Succeeded or RunStatus.Failed or RunStatus.Canceled;

    public static bool CanBecome(this RunStatus from, RunStatus to) => (from, to) switch
    {
        (RunStatus.Queued, RunStatus.Running or RunStatus.Paused or RunStatus.Canceled or RunStatus.Failed) => true,
        (RunStatus.Running, RunStatus.Queued) => true,
        (RunStatus.Running, RunStatus.Waiting or RunStatus.Paused or RunStatus.Succeeded or RunStatus.Failed or RunStatus.Canceled) => true,
        (RunStatus.Waiting, RunStatus.Running or RunStatus.Queued or RunStatus.Paused or RunStatus.Failed or RunStatus.Canceled) => true,
        (RunStatus.Paused, RunStatus.Queued or RunStatus.Running or RunStatus.Failed or RunStatus.Canceled) => true,
        _ => false,
    };

    public static string ToText(this RunStatus status) => status switch
    {
        RunStatus.Queued => "queued",
        RunStatus.Running => "running",
        RunStatus.Waiting => "waiting",
        RunStatus.Paused => "paused",
        RunStatus.Succeeded => "succeeded",
        RunStatus.Failed => "failed",
        RunStatus.Canceled => "canceled",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
