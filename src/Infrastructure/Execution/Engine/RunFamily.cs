namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Of a child run: who started it.</summary>
/// <param name="Lineage">The agents above it, from the root down, its parent's the last.</param>
/// <param name="IsDetached">Its parent neither waits for it nor ends it.</param>
sealed record RunFamily(Guid ParentRunId, Guid RootRunId, Guid[] Lineage, bool IsDetached = false)
{
    public const int MaxDepth = 8;
}
