using System.Globalization;
using System.Text.Json;
using AgentPlatform.Api.Http;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Conversations;
using AgentPlatform.Domain.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api;

/// <summary>What is said in conversations.</summary>
public static class MessagesEndpoints
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static IEndpointRouteBuilder MapMessages(this IEndpointRouteBuilder app)
    {
        var messages = app.MapGroup("/v1/conversations/{id:guid}/messages").WithTags("Conversations");
        messages.MapGet("", async (Guid id, int? limit, string? cursor, string? order, bool? superseded, IMediator mediator, CancellationToken ct) => order is null or "asc" or "desc"
                ? (await mediator.Send(new ListMessages(id, new PageRequest(limit, cursor), order == "asc", superseded is true), ct)).ToOk()
                : Error.Invalid("/order", "unknown_order", "An order is asc or desc.").ToProblem())
            .WithName("ListMessages").WithSummary("A conversation's messages, the newest first, or with order=asc the oldest.").Produces<Page<MessageView>>().ProducesProblem(404).ProducesProblem(422);
        messages.MapPost("", Post).WithName("PostMessage").WithSummary("Says something; answers the agent's reply, or with stream its making as server-sent events.")
            .Produces<MessageView>().Produces<MessageView>(202).Produces(200, contentType: "text/event-stream")
            .ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(429);
        var one = messages.MapGroup("/{message_id:guid}");
        one.MapGet("", async (Guid id, [FromRoute(Name = "message_id")] Guid message, IMediator mediator, CancellationToken ct) => (await mediator.Send(new GetMessage(id, message), ct)).ToOk())
            .WithName("GetMessage").WithSummary("One message.").Produces<MessageView>().ProducesProblem(404);
        one.MapPatch("", async (Guid id, [FromRoute(Name = "message_id")] Guid message, Body<Rating> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new RateMessage(id, message, body.Value), ct)).ToOk())
            .WithName("RateMessage").WithSummary("Says what the caller thought of a reply; null takes it back.").Produces<MessageView>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        one.MapGet("/events", Events).WithName("WatchMessage").WithSummary("A reply as it comes into being, as server-sent events; honours Last-Event-ID.")
            .Produces(200, contentType: "text/event-stream").ProducesProblem(404).ProducesProblem(409);
        one.MapGet("/files/{index:int}", File).WithName("GetMessageFile").WithSummary("The bytes of a file.").Produces(200, contentType: "application/octet-stream").ProducesProblem(404);
        one.MapPost("/regenerate", Regenerate).WithName("RegenerateMessage").WithSummary("Asks for another reply in the place of this one and of all that followed.")
            .Produces<MessageView>().Produces<MessageView>(202).Produces(200, contentType: "text/event-stream").ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        one.MapPost("/edit", Edit).WithName("EditMessage").WithSummary("Says it again in other words, in the place of this message and of all that followed.")
            .Produces<MessageView>().Produces<MessageView>(202).Produces(200, contentType: "text/event-stream").ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        return app;
    }

    static async Task<IResult> Post(Guid id, Body<NewMessage> body, IMediator mediator, ConversationTurnstile turnstile, CancellationToken ct)
    {
        var said = body.Value;
        return await Answer(await turnstile.Pass(id, () => mediator.Send(new PostMessage(id, said.Content, said.Files, said.IfBusy), ct), ct), said.Stream, said.Wait, mediator, ct);
    }

    static async Task<IResult> Regenerate(Guid id, [FromRoute(Name = "message_id")] Guid message, OptionalBody<Again> body, IMediator mediator, ConversationTurnstile turnstile, CancellationToken ct) =>
        await Answer(await turnstile.Pass(id, () => mediator.Send(new RegenerateMessage(id, message, body.Value.IfBusy), ct), ct), body.Value.Stream, body.Value.Wait, mediator, ct);

    static async Task<IResult> Edit(Guid id, [FromRoute(Name = "message_id")] Guid message, Body<NewMessage> body, IMediator mediator, ConversationTurnstile turnstile, CancellationToken ct)
    {
        var said = body.Value;
        return await Answer(await turnstile.Pass(id, () => mediator.Send(new EditMessage(id, message, said.Content, said.Files, said.IfBusy), ct), ct), said.Stream, said.Wait, mediator, ct);
    }

    static async Task<IResult> Events(Guid id, [FromRoute(Name = "message_id")] Guid message, HttpContext http, IMediator mediator, CancellationToken ct)
    {
        var watched = await mediator.Send(new WatchReply(id, message, http.Request.Headers["Last-Event-ID"]), ct);
        return watched.IsOk ? new EventStream(watched.Value) : watched.Error.ToProblem();
    }

    static async Task<IResult> File(Guid id, [FromRoute(Name = "message_id")] Guid message, int index, HttpContext http, IMediator mediator, CancellationToken ct)
    {
        var found = await mediator.Send(new GetMessageFile(id, message, index), ct);
        if (!found.IsOk)
        {
            return found.Error.ToProblem();
        }

        // Somebody's bytes from our origin: only what is certainly an image is shown, and nothing is taken for what it does not say it is.
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        http.Response.Headers.CacheControl = "private, max-age=86400, immutable";
        return found.Value.IsImage
            ? TypedResults.Bytes(found.Value.Content(), found.Value.MediaType)
            : TypedResults.Bytes(found.Value.Content(), "text/plain; charset=utf-8", found.Value.Name);
    }

    static async Task<IResult> Answer(Result<PostedMessage> posted, bool stream, bool wait, IMediator mediator, CancellationToken ct)
    {
        if (!posted.IsOk)
        {
            return posted.Error.ToProblem();
        }

        var reply = posted.Value.Message;
        if (stream)
        {
            var watched = await mediator.Send(new WatchNewReply(reply.ConversationId, reply.Id), ct);
            return watched.IsOk ? new EventStream(watched.Value.Prepend(Created(posted.Value))) : watched.Error.ToProblem();
        }

        var answer = await mediator.Send(new AwaitReply(reply.ConversationId, reply.Id, wait ? Patience : TimeSpan.Zero), ct);
        return !answer.IsOk ? answer.Error.ToProblem()
            : answer.Value.FinishedAt is not null ? TypedResults.Ok(answer.Value)
            : TypedResults.Accepted(string.Create(CultureInfo.InvariantCulture, $"/v1/conversations/{reply.ConversationId}/messages/{reply.Id}"), answer.Value);
    }

    static ServerEvent Created(PostedMessage posted) =>
        new(null, "message.created", JsonSerializer.Serialize(new Opening(posted.Message.ConversationId, posted.Message.Id, posted.UserMessage, posted.Message), ApiJson.Options));

    sealed record Opening(Guid ConversationId, Guid MessageId, MessageView? UserMessage, MessageView Message);

    /// <param name="Content">1 to 32 768 characters.</param>
    /// <param name="Files">At most 8, 512 KiB together: texts and PNG, JPEG, GIF or WebP images. Where a message is edited, null keeps the former ones.</param>
    /// <param name="Stream">Answer with server-sent events.</param>
    /// <param name="Wait">Wait up to 30 seconds for the reply; else it is answered as it stands, with 202.</param>
    /// <param name="IfBusy">What becomes of it while a reply is under way: reject, enqueue or interrupt.</param>
    public sealed record NewMessage(string Content, IReadOnlyList<GivenFile>? Files = null, bool Stream = false, bool Wait = true, string? IfBusy = null);

    public sealed record Again
    {
        public bool Stream { get; init; }

        public bool Wait { get; init; } = true;

        /// <summary>reject (when not given) or interrupt.</summary>
        public string? IfBusy { get; init; }
    }
}
