using System.Text.Json;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api;

/// <summary>Talking to agents.</summary>
public static class ConversationsEndpoints
{
    public static IEndpointRouteBuilder MapConversations(this IEndpointRouteBuilder app)
    {
        var all = app.MapGroup("/v1/conversations").WithTags("Conversations");
        all.MapPost("", async (Body<NewConversation> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new CreateConversation(body.Value.Agent, body.Value.Title, body.Value.Context, body.Value.Metadata, body.Value.IfBusy), ct))
                .ToCreated(view => $"/v1/conversations/{view.Id}"))
            .WithName("CreateConversation").WithSummary("Begins a conversation with an agent.")
            .Produces<ConversationView>(201).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        all.MapGet("", async (string? agent, string? status, string? q, string? user, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new ListConversations(new PageRequest(limit, cursor), agent, status, q, user), ct)).ToOk())
            .WithName("ListConversations").WithSummary("Conversations, those first in which something happened last; q looks in titles and messages.")
            .Produces<Page<ConversationView>>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(422);
        all.MapGet("/{id:guid}", async (Guid id, HttpContext http, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new GetConversation(id), ct)).ToOk(http, view => view.UpdatedAt))
            .WithName("GetConversation").WithSummary("One conversation.").Produces<ConversationView>().ProducesProblem(404);
        all.MapPatch("/{id:guid}", Update).WithName("UpdateConversation").WithSummary("Changes title, status, context, metadata or policy; honours If-Match.")
            .Produces<ConversationView>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(412).ProducesProblem(422);
        all.MapDelete("/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new DeleteConversation(id), ct)).ToNoContent())
            .WithName("DeleteConversation").WithSummary("Deletes a conversation with its messages.").Produces(204).ProducesProblem(403).ProducesProblem(404);
        all.MapPost("/{id:guid}/stop", async (Guid id, IMediator mediator, ConversationTurnstile turnstile, CancellationToken ct) =>
                (await turnstile.Pass(id, () => mediator.Send(new StopConversation(id), ct), ct)).ToOk())
            .WithName("StopConversation").WithSummary("Stops the reply under way and those that wait.").Produces<ConversationView>().ProducesProblem(403).ProducesProblem(404);
        return app.MapMessages();
    }

    static async Task<IResult> Update(Guid id, Body<ConversationChange> body, [FromHeader(Name = "If-Match")] string? ifMatch, HttpContext http, IMediator mediator, CancellationToken ct)
    {
        var seen = ETags.Parse(ifMatch);
        if (!seen.IsOk)
        {
            return seen.Error.ToProblem();
        }

        var change = body.Value;
        return (await mediator.Send(new UpdateConversation(id, change.Title, change.Status, change.Context, change.Metadata, change.IfBusy, seen.Value), ct))
            .ToOk(http, view => view.UpdatedAt);
    }

    /// <param name="Agent">Id or slug.</param>
    /// <param name="Context">Facts that the agent is given with every message; at most 16 KiB.</param>
    /// <param name="Metadata">The caller's own; at most 16 KiB.</param>
    /// <param name="IfBusy">What becomes of a message that comes while a reply is under way: reject, enqueue (when not given) or interrupt.</param>
    public sealed record NewConversation(string Agent, string? Title = null, JsonElement? Context = null, JsonElement? Metadata = null, string? IfBusy = null);

    public sealed record ConversationChange
    {
        public string? Title { get; init; }

        /// <summary>active, completed, failed or canceled; only an active one takes messages.</summary>
        public string? Status { get; init; }

        public JsonElement? Context { get; init; }

        public JsonElement? Metadata { get; init; }

        public string? IfBusy { get; init; }
    }
}
