using AgentPlatform.Api.Http;
using AgentPlatform.Application.Execution.Interactions;
using AgentPlatform.Application.Shared;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>What people did with agents, here and elsewhere, and what they thought of it.</summary>
public static class InteractionsEndpoints
{
    public static IEndpointRouteBuilder MapInteractions(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/interaction-types", async (IMediator mediator, CancellationToken ct) => (await mediator.Send(new ListInteractionTypes(), ct)).ToOk())
            .WithTags("Interactions").WithName("ListInteractionTypes").WithSummary("Kinds of work that are told apart.").Produces<Page<InteractionTypeView>>();
        var all = app.MapGroup("/v1/interactions").WithTags("Interactions");
        all.MapGet("", async (string? agent, string? type, Guid? conversation, string? status, string? tag, bool? rated, DateTimeOffset? since, DateTimeOffset? until, string? user,
                int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new ListInteractions(new PageRequest(limit, cursor), agent, type, conversation, status, tag, rated, since, until, user), ct)).ToOk())
            .WithName("ListInteractions").WithSummary("What was noted, the newest first: conversations, work noted by hand, and runs that somebody said something about.")
            .Produces<Page<InteractionView>>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(422);
        all.MapPost("", async (Body<NewInteraction> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new CreateInteraction(body.Value), ct)).ToCreated(view => $"/v1/interactions/{view.Id}"))
            .WithName("CreateInteraction").WithSummary("Notes a piece of work by hand: done elsewhere, or one of the caller's runs.")
            .Produces<InteractionView>(201).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        all.MapGet("/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new GetInteraction(id), ct)).ToOk())
            .WithName("GetInteraction").WithSummary("One piece of work; by the id of a conversation or a run what is known of that.").Produces<InteractionView>().ProducesProblem(404);
        all.MapPatch("/{id:guid}", async (Guid id, Body<InteractionChange> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new UpdateInteraction(id, body.Value), ct)).ToOk())
            .WithName("UpdateInteraction").WithSummary("Rates, describes or puts away a piece of work; a run is rated by its own id.")
            .Produces<InteractionView>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(422);
        return app;
    }
}
