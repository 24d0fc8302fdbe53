namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>A queued run that this node has just leased, or locked.</summary>
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
    bool IsStoredAsBegun)
{
    /// <summary>Of a run that is not leased but locked: where its queue row is, its <c>ctid</c> as text.</summary>
    public string? Place { get; init; }

    /// <param name="stored">What its earlier attempts stored.</param>
    public RunExecution Execution(NodeIdentity node, RunPlan plan, IReadOnlyList<StoredStep> stored, DbClock clock) =>
        new(plan, RunId, Attempt, node, Facts(), clock)
        {
            Checkpoints = Checkpoint.Gather(stored),
            FormerUsage = stored.SelectMany(step => step.Usage),
            FirstSequence = stored.Count == 0 ? 0 : stored.Max(step => step.Sequence) + 1,
        };

    RunFacts Facts() => new(
        Json.Read(Input), QueuedAt, TriggerSource, Deadline, Config is { } config ? Json.Read(config) : null, FirstStartedAt, Active,
        Family, Wakes, CancelRequested, PauseRequested, TraceParent, Asker, IsStoredAsBegun);
}
