using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Engine;

enum OpenKind
{
    /// <summary>A time; or the pause before another attempt, when there is no step.</summary>
    Time,
    Retry,
    Signal,
    Approval,
    Child,
    /// <summary>A person's consent to a credential; there is no step between the attempts.</summary>
    Consent,
    /// <summary>Frames of its own are under way; only its time limit is waited for here.</summary>
    Composite,
}

/// <summary>A node that was begun and waits for something that holds no worker.</summary>
/// <param name="Step">Null between two attempts.</param>
/// <param name="DueAt">When it is over, or is tried again, by itself.</param>
/// <param name="TimesOutAt">The node's own <c>timeout</c>.</param>
/// <param name="Name">The signal's, also of the one that tells of a consent.</param>
/// <param name="Id">The approval's, or the child run's.</param>
sealed record OpenNode(
    OpenKind Kind, Frame Frame, CompiledNode Node, StepRecord? Step, int Attempt, DateTimeOffset? DueAt = null, DateTimeOffset? TimesOutAt = null, string? Name = null,
    Guid Id = default, Composite? Composite = null)
{
    /// <summary>The id under which the waiting step is stored once its run has been parked; null where nothing waits for an outcome of its own.</summary>
    public Guid? StepIdOf(Guid runId) => Step is null || Kind is OpenKind.Retry or OpenKind.Composite ? null : StepId.Of(runId, Step.Sequence);

    public DateTimeOffset? NextAt => TimesOutAt < DueAt || DueAt is null ? TimesOutAt : DueAt;
}
