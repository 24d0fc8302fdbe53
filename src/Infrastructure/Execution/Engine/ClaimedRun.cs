namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>A queued run that this node has just leased.</summary>
/// <param name="Attempt">How often it was taken up, this time included.</param>
/// <param name="LostWorkers">How many of those who took it up were lost with it.</param>
sealed record ClaimedRun(
    Guid TenantId, Guid RunId, int Attempt, int LostWorkers, Guid AgentId, Guid VersionId, string TriggerSource, byte[] Input, DateTimeOffset QueuedAt,
    DateTimeOffset FirstStartedAt, DateTimeOffset? Deadline);
