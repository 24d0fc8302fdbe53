namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>A queued run that this node has just leased.</summary>
/// <param name="Attempt">How often it was taken up, this time included.</param>
/// <param name="LostWorkers">How many of those who took it up were lost with it.</param>
/// <param name="FirstStartedAt">Null when it has not begun yet.</param>
/// <param name="Active">How long it was at work before.</param>
/// <param name="Wakes">How often it has been rung.</param>
/// <param name="Config">Null: as the plan has it.</param>
/// <param name="Asker">In whose name it runs.</param>
/// <param name="Reuses">Whether steps of earlier runs stand in for some of its own.</param>
/// <param name="IsStoredAsBegun">Its row says that it runs; that of a brief one says it with its end.</param>
sealed record ClaimedRun(
    Guid TenantId, Guid RunId, int Attempt, int LostWorkers, Guid AgentId, Guid VersionId, string TriggerSource, byte[] Input, DateTimeOffset QueuedAt,
    DateTimeOffset? FirstStartedAt, DateTimeOffset? Deadline, TimeSpan Active, int Wakes, bool CancelRequested, bool PauseRequested, byte[]? Config, RunFamily? Family, string? TraceParent, bool Reuses, RunAsker Asker,
    bool IsStoredAsBegun);
