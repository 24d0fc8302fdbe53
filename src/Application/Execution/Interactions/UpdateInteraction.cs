using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Interactions;

/// <summary>Rates, describes or puts away a piece of work. What a run is known by is stored with it then.</summary>
[Requires("conversations:write")]
public sealed record UpdateInteraction(Guid Id, InteractionChange Change) : ICommand<InteractionView>, IValidate
{
    public IEnumerable<FieldError> Validate() => Change.Validate();
}

public sealed record InteractionChange
{
    internal static readonly string[] Statuses = ["active", "completed", "archived"];

    public string? Title { get; init; }

    public Optional<string> Description { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public IReadOnlyList<string>? Keywords { get; init; }

    public Optional<int?> Satisfaction { get; init; }

    public Optional<int?> Usefulness { get; init; }

    public Optional<string> Feedback { get; init; }

    /// <summary>active, completed or archived.</summary>
    public string? Status { get; init; }

    internal IEnumerable<FieldError> Validate() =>
    [
        .. InteractionRules.Texts(("/title", Title, 255), ("/description", Description.Value, 4000)),
        .. InteractionRules.Words(Tags, Keywords),
        .. new Rating { Satisfaction = Satisfaction, Usefulness = Usefulness, Feedback = Feedback }.Validate(),
        .. Status is not null && !Statuses.Contains(Status, StringComparer.Ordinal)
            ? [new FieldError("/status", "unknown_status", $"A status is one of {string.Join(", ", Statuses)}.")]
            : Array.Empty<FieldError>(),
    ];
}

file sealed class Handler(IInteractions interactions, CallContext call, IAudit audit) : IRequestHandler<UpdateInteraction, Result<InteractionView>>
{
    public async Task<Result<InteractionView>> Handle(UpdateInteraction request, CancellationToken cancellationToken)
    {
        if (await interactions.Find(request.Id, cancellationToken) is not { Status: not "deleted" } before)
        {
            return InteractionErrors.NotFound;
        }

        if (before.UserId != call.UserId)
        {
            return InteractionErrors.NotYours;
        }

        var after = await interactions.Update(before, request.Change, cancellationToken);
        audit.Record("interaction.updated", "interaction", request.Id.ToString(), Told(before), Told(after));
        return after;
    }

    static object Told(InteractionView view) => new { view.Title, view.Satisfaction, view.Usefulness, view.Tags, view.Status };
}
