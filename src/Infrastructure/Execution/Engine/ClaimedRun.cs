namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>A queued run that this node has just leased.</summary>
sealed record ClaimedRun(
    Guid TenantId, Guid RunId, int Attempt, Guid VersionId, string TriggerSource, byte[] Input, DateTimeOffset QueuedAt, DateTimeOffset? Deadline);
