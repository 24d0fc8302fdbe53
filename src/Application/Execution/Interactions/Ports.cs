using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution.Interactions;

/// <summary>What was noted of people's work. A run has an interaction as soon as somebody looks for it; it is stored once somebody says something about it.</summary>
interface IInteractions
{
    /// <summary>What is stored; else what a run that the caller may know of gives.</summary>
    Task<InteractionView?> Find(Guid id, CancellationToken ct);

    Task<bool> HasType(string type, CancellationToken ct);

    /// <returns>False when the run has one already.</returns>
    Task<bool> Add(Guid id, NewInteraction interaction, Guid? agent, CancellationToken ct);

    Task<InteractionView> Update(InteractionView interaction, InteractionChange change, CancellationToken ct);
}

static class InteractionErrors
{
    public static readonly Error NotFound = Error.NotFound("interaction");

    public static readonly Error TypeNotFound = Error.NotFound("interaction_type");

    public static readonly Error Exists = Error.Conflict("interaction_exists", "The run has its interaction already, under the run's own id; change that.");

    public static readonly Error NotYours = new(ErrorKind.Forbidden, "not_your_interaction", "This is somebody else's work; you may read it.");
}
