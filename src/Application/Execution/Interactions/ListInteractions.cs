using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Interactions;

/// <summary>What was noted, the newest first: conversations, work that was noted by hand, and runs that somebody said something about.</summary>
/// <param name="Agent">Id or slug.</param>
/// <param name="User">Whose: an id or <c>all</c>, which needs a permission of its own; the caller's when not given.</param>
[Requires("conversations:read")]
public sealed record ListInteractions(
    PageRequest Page, string? Agent = null, string? Type = null, Guid? Conversation = null, string? Status = null, string? Tag = null, bool? Rated = null,
    DateTimeOffset? Since = null, DateTimeOffset? Until = null, string? User = null)
    : IQuery<Page<InteractionView>>, IValidate
{
    public IEnumerable<FieldError> Validate()
    {
        if (Status is not (null or "active" or "completed" or "archived" or "deleted"))
        {
            yield return new FieldError("/status", "unknown_status", "A status is one of active, completed, archived, deleted.");
        }

        foreach (var (name, text) in new[] { ("type", Type), ("tag", Tag) })
        {
            if (text is { } given && (given.Length is 0 or > 64 || given.Contains('\0', StringComparison.Ordinal)))
            {
                yield return new FieldError($"/{name}", "length", "This has 1 to 64 characters.");
            }
        }

        if (User is not (null or "all") && !Guid.TryParse(User, out _))
        {
            yield return new FieldError("/user", "invalid_user", "This is a user's id, or all.");
        }

        foreach (var fault in Page.Validate())
        {
            yield return fault;
        }
    }
}

/// <summary>One piece of work; by a run's id what is known of that run.</summary>
[Requires("conversations:read")]
public sealed record GetInteraction(Guid Id) : IQuery<InteractionView>;

[Requires("conversations:read")]
public sealed record ListInteractionTypes : IQuery<Page<InteractionTypeView>>;

file sealed class Get(IInteractions interactions) : IRequestHandler<GetInteraction, Result<InteractionView>>
{
    public async Task<Result<InteractionView>> Handle(GetInteraction request, CancellationToken cancellationToken) =>
        await interactions.Find(request.Id, cancellationToken) is { } found ? found : InteractionErrors.NotFound;
}
