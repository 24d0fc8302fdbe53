using AgentPlatform.Api.Http;
using AgentPlatform.Application.Agents;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>What an agent's next version will be: kept while it is written, tried, and published.</summary>
static class DraftEndpoints
{
    public static void MapDrafts(this RouteGroupBuilder group, string path, string name, string? kind)
    {
        group.MapGet("/{agent}/draft", async (string agent, HttpContext http, IMediator mediator) =>
            {
                var draft = await mediator.Send(new GetAgentDraft(agent, kind), http.RequestAborted);
                return draft is { IsOk: true, Value: null } ? TypedResults.NoContent() : draft.ToOk(http, found => found!.UpdatedAt);
            })
            .WithName($"Get{name}Draft").WithSummary("The draft of the agent's next version; nothing where none is begun")
            .Produces<AgentDraftView>().Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);

        group.MapPut("/{agent}/draft", async (string agent, Body<DraftContent> body, IfMatch seen, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new SaveAgentDraft(agent, kind, body.Value, seen.UpdatedAt, http.Request.Headers.IfMatch == "*"), http.RequestAborted)).ToOk(http, draft => draft.UpdatedAt))
            .WithName($"Save{name}Draft")
            .WithSummary("Keeps the draft, valid or not. With If-Match only over the draft that was seen; without it only where there is none; with * over any")
            .Produces<AgentDraftView>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapDelete("/{agent}/draft", async (string agent, IfMatch seen, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new DeleteAgentDraft(agent, kind, seen.UpdatedAt), http.RequestAborted)).ToNoContent())
            .WithName($"Delete{name}Draft").WithSummary("Throws the draft away")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed);

        group.MapPost("/{agent}/draft/publish", async (string agent, OptionalBody<PublishBody> body, IfMatch seen, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new PublishAgentDraft(agent, kind, body.Value.SemanticVersion, body.Value.Changelog, seen.UpdatedAt), http.RequestAborted))
                .ToCreated(version => $"{path}/{agent}/versions/{version.SemanticVersion}"))
            .WithName($"Publish{name}Draft").WithSummary("Makes the draft the agent's next version")
            .Produces<AgentVersionView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }
}

sealed record PublishBody
{
    /// <summary>Higher than the latest; the next minor when not given.</summary>
    public string? SemanticVersion { get; init; }

    public string? Changelog { get; init; }
}
