using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>A run with the runs below it: which agents it started, how far they are, and what all of it has cost so far.</summary>
[Requires("runs:read")]
public sealed record GetRunTree(Guid Id) : IQuery<RunTree>;

/// <param name="Runs">How many the tree shows.</param>
/// <param name="IsTruncated">There are more than 1 000 runs; the nearest to the root are shown.</param>
public sealed record RunTree(RunTreeNode Root, int Runs, int StepsTotal, int StepsCompleted, long CostMicros, bool IsTruncated);

/// <param name="Agent">Slug.</param>
/// <param name="Detached">The run above does not wait for it.</param>
/// <param name="Children">In the order of their ids.</param>
public sealed record RunTreeNode(
    Guid Id,
    Guid AgentId,
    string? Agent,
    Guid AgentVersionId,
    string Status,
    bool Detached,
    string? CurrentNode,
    int StepsTotal,
    int StepsCompleted,
    long CostMicros,
    DateTimeOffset QueuedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    IReadOnlyList<RunTreeNode> Children);
