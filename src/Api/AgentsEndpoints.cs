using AgentPlatform.Api.Http;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api;

/// <summary>Agents, and workflows, which are agents whose graph calls others: the same routes under two names.</summary>
public static class AgentsEndpoints
{
    public static IEndpointRouteBuilder MapAgents(this IEndpointRouteBuilder app)
    {
        MapKind(app.MapGroup("/v1/agents").WithTags("Agents"), "/v1/agents", "Agent", kind: null);
        MapKind(app.MapGroup("/v1/workflows").WithTags("Workflows"), "/v1/workflows", "Workflow", AgentKind.Workflow);
        app.MapGraphTools();
        app.MapSkills();
        return app;
    }

    /// <param name="path">Of the group, for <c>Location</c>.</param>
    /// <param name="kind">Null: agents of either kind.</param>
    static void MapKind(RouteGroupBuilder group, string path, string name, string? kind)
    {
        group.ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        MapAgent(group, path, name, kind);
        MapStates(group, path, name, kind);
        MapVersions(group, path, name, kind);
        MapBindings(group, name, kind);
        group.MapDefinitions(name, kind);
        group.MapConfigs(name, kind);
        group.MapDrafts(path, name, kind);
    }

    static void MapAgent(RouteGroupBuilder group, string path, string name, string? kind)
    {
        group.MapPost("", async (Body<CreateAgent> body, HttpContext http, IMediator mediator) =>
                (await Create(body.Value, kind, mediator, http.RequestAborted)).ToCreated(agent => $"{path}/{agent.Slug}"))
            .WithName($"Create{name}").WithSummary("Makes an agent and, with a graph or a model, its first version")
            .Produces<AgentView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapGet("", async ([AsParameters] AgentFilter filter, HttpContext http, IMediator mediator) =>
                (await mediator.Send(filter.ToQuery(kind), http.RequestAborted)).ToOk())
            .WithName($"List{name}s").WithSummary("Agents, the newest first; by status, tag, feature, text, or the skill they use")
            .Produces<Page<AgentView>>().ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapGet("/{agent}", async (string agent, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new GetAgent(agent, kind), http.RequestAborted)).ToOk(http, a => a.UpdatedAt))
            .WithName($"Get{name}").WithSummary("One agent, by id or slug")
            .Produces<AgentView>().ProducesProblem(StatusCodes.Status404NotFound);

        group.MapPatch("/{agent}", async (string agent, Body<AgentPatch> body, IfMatch seen, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new UpdateAgent(agent, kind, body.Value, seen.UpdatedAt), http.RequestAborted)).ToOk(http, a => a.UpdatedAt))
            .WithName($"Update{name}").WithSummary("Changes the members that are sent; null clears")
            .Produces<AgentView>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapDelete("/{agent}", async (string agent, IfMatch seen, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new DeleteAgent(agent, kind, seen.UpdatedAt), http.RequestAborted)).ToNoContent())
            .WithName($"Delete{name}").WithSummary("Deletes an agent; its history stays, its slug becomes free")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    static void MapStates(RouteGroupBuilder group, string path, string name, string? kind)
    {
        MapStatus("activate", AgentStatus.Active, "Lets an agent run, also one that was archived");
        MapStatus("deactivate", AgentStatus.Inactive, "Lets no run of the agent start");
        MapStatus("archive", AgentStatus.Archived, "Puts an agent away: it runs no more and cannot be changed");

        group.MapPost("/{agent}/clone", async (string agent, OptionalBody<CloneBody> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new CloneAgent(agent, kind, body.Value.Slug, body.Value.Name), http.RequestAborted)).ToCreated(a => $"{path}/{a.Slug}"))
            .WithName($"Clone{name}").WithSummary("Makes a second agent that does the same")
            .Produces<AgentView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapPost("/{agent}/favorite", async (string agent, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new SetAgentFavorite(agent, kind, IsFavorite: true), http.RequestAborted)).ToOk())
            .WithName($"Favorite{name}").WithSummary("Keeps the agent among my favourites")
            .Produces<AgentView>().ProducesProblem(StatusCodes.Status404NotFound);

        group.MapDelete("/{agent}/favorite", async (string agent, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new SetAgentFavorite(agent, kind, IsFavorite: false), http.RequestAborted)).ToNoContent())
            .WithName($"Unfavorite{name}").WithSummary("Takes the agent out of my favourites")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);

        void MapStatus(string verb, string status, string summary) =>
            group.MapPost($"/{{agent}}/{verb}", async (string agent, IfMatch seen, HttpContext http, IMediator mediator) =>
                    (await mediator.Send(new SetAgentStatus(agent, kind, status, seen.UpdatedAt), http.RequestAborted)).ToOk(http, a => a.UpdatedAt))
                .WithName($"{char.ToUpperInvariant(verb[0])}{verb[1..]}{name}").WithSummary(summary)
                .Produces<AgentView>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    static void MapVersions(RouteGroupBuilder group, string path, string name, string? kind)
    {
        group.MapPost("/{agent}/versions", async (string agent, Body<VersionDraft> body, IfMatch seen, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new CreateAgentVersion(agent, kind, body.Value, seen.UpdatedAt), http.RequestAborted))
                .ToCreated(version => $"{path}/{agent}/versions/{version.SemanticVersion}"))
            .WithName($"Create{name}Version").WithSummary("Gives an agent a new version; the next minor number when none is sent")
            .Produces<AgentVersionView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapGet("/{agent}/versions", async (string agent, int? limit, string? cursor, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ListAgentVersions(agent, kind, new PageRequest(limit, cursor)), http.RequestAborted)).ToOk())
            .WithName($"List{name}Versions").WithSummary("An agent's versions, the newest first")
            .Produces<Page<AgentVersionSummary>>().ProducesProblem(StatusCodes.Status404NotFound);

        group.MapGet("/{agent}/versions/{version}", async (string agent, string version, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new GetAgentVersion(agent, kind, version), http.RequestAborted)).ToOk())
            .WithName($"Get{name}Version").WithSummary("One version, by number, by id, or as latest")
            .Produces<AgentVersionView>().ProducesProblem(StatusCodes.Status404NotFound);

        group.MapGet("/{agent}/versions/{from}/diff/{to}", async (string agent, string from, string to, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new DiffAgentVersions(agent, kind, from, to), http.RequestAborted)).ToOk())
            .WithName($"Diff{name}Versions").WithSummary("What changed from one version to another")
            .Produces<AgentVersionDiff>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    static void MapBindings(RouteGroupBuilder group, string name, string? kind)
    {
        group.MapGet("/{agent}/skills", async (string agent, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ListAgentSkills(agent, kind), http.RequestAborted)).ToOk())
            .WithName($"List{name}Skills").WithSummary("The skills that the agent's model may call")
            .Produces<Page<AgentSkillView>>().ProducesProblem(StatusCodes.Status404NotFound);

        group.MapPut("/{agent}/skills/{skill}", async (string agent, string skill, OptionalBody<BindingBody> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new BindSkill(agent, kind, skill, body.Value.ToSettings()), http.RequestAborted)).ToOk())
            .WithName($"Bind{name}Skill").WithSummary("Gives the agent's model a skill as a tool, or changes its place")
            .Produces<AgentSkillView>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapDelete("/{agent}/skills/{skill}", async (string agent, string skill, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new UnbindSkill(agent, kind, skill), http.RequestAborted)).ToNoContent())
            .WithName($"Unbind{name}Skill").WithSummary("Takes a skill from the agent's model")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    static Task<Result<AgentView>> Create(CreateAgent body, string? kind, IMediator mediator, CancellationToken ct) =>
        kind is not null && body.Kind is not null && body.Kind != kind
            ? Task.FromResult<Result<AgentView>>(Error.Invalid("/kind", "not_allowed", $"Here the kind is {kind}."))
            : mediator.Send(body with { Kind = body.Kind ?? kind }, ct);
}

/// <param name="Q">Text in name, slug, description or a tag.</param>
/// <param name="UsesSkill">Slug of a skill that the latest version's graph uses.</param>
/// <param name="Favorite">True: only my favourites.</param>
sealed record AgentFilter(
    int? Limit, string? Cursor, string? Kind, string? Status, string? Tag, string? Q, [FromQuery(Name = "uses_skill")] string? UsesSkill, string? Feature, bool? Favorite)
{
    public ListAgents ToQuery(string? kind) => new(new PageRequest(Limit, Cursor), kind ?? Kind, Status, Tag, Q, UsesSkill, Feature, Favorite);
}

sealed record CloneBody
{
    /// <summary>When not sent, a free one is made from the source's.</summary>
    public string? Slug { get; init; }

    public string? Name { get; init; }
}

sealed record BindingBody
{
    /// <summary>0 to 1000; the lowest is offered first.</summary>
    public int Priority { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>never, or always: a person is asked before each call.</summary>
    public string Approval { get; init; } = ToolSettings.Never;

    /// <summary>Of one call, 1 to 3 600 000.</summary>
    public int? TimeoutMs { get; init; }

    /// <summary>By one llm node, 1 to 200.</summary>
    public int? MaxCalls { get; init; }

    /// <summary>Name of the credential that the skill applies.</summary>
    public string? Credential { get; init; }

    /// <summary>Who is asked, with approval always: id or e-mail address of a member.</summary>
    public string? Assignee { get; init; }

    /// <summary>The team that is asked: id or slug.</summary>
    public string? Team { get; init; }

    public ToolSettings ToSettings() => new(Priority, Enabled, Approval, TimeoutMs, MaxCalls, Credential, Assignee, Team);
}
