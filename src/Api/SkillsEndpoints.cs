using AgentPlatform.Api.Http;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using MediatR;

namespace AgentPlatform.Api;

/// <summary>The registry of skills, the tags that sort it, and the catalogue of features.</summary>
static class SkillsEndpoints
{
    public static void MapSkills(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1").WithTags("Skills").ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        MapSkill(group);
        MapVersions(group);
        MapTags(group);
    }

    static void MapSkill(RouteGroupBuilder group)
    {
        group.MapPost("/skills", async (Body<CreateSkill> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(body.Value, http.RequestAborted)).ToCreated(skill => $"/v1/skills/{skill.Slug}"))
            .WithName("CreateSkill").WithSummary("Adds a skill to the registry")
            .Produces<SkillView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapGet("/skills", async (string? type, string? category, string? tag, string? q, int? limit, string? cursor, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ListSkills(new PageRequest(limit, cursor), type, category, tag, q), http.RequestAborted)).ToOk())
            .WithName("ListSkills").WithSummary("My skills and the platform's, the newest first")
            .Produces<Page<SkillView>>().ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapGet("/skills/{skill}", async (string skill, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new GetSkill(skill), http.RequestAborted)).ToOk(http, s => s.UpdatedAt))
            .WithName("GetSkill").WithSummary("One skill, by id or slug").Produces<SkillView>().ProducesProblem(StatusCodes.Status404NotFound);

        group.MapPatch("/skills/{skill}", async (string skill, Body<SkillPatch> body, IfMatch seen, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new UpdateSkill(skill, body.Value, seen.UpdatedAt), http.RequestAborted)).ToOk(http, s => s.UpdatedAt))
            .WithName("UpdateSkill").WithSummary("Changes the members that are sent; null clears")
            .Produces<SkillView>().ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapDelete("/skills/{skill}", async (string skill, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new DeleteSkill(skill), http.RequestAborted)).ToNoContent())
            .WithName("DeleteSkill").WithSummary("Deletes a skill; agents that use it keep running")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    static void MapVersions(RouteGroupBuilder group)
    {
        group.MapPost("/skills/{skill}/versions", async (string skill, Body<SkillVersionDraft> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new CreateSkillVersion(skill, body.Value), http.RequestAborted)).ToCreated(v => $"/v1/skills/{skill}/versions/{v.SemanticVersion}"))
            .WithName("CreateSkillVersion").WithSummary("Gives a skill a new version")
            .Produces<SkillVersionView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapGet("/skills/{skill}/versions", async (string skill, int? limit, string? cursor, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ListSkillVersions(skill, new PageRequest(limit, cursor)), http.RequestAborted)).ToOk())
            .WithName("ListSkillVersions").WithSummary("A skill's versions, the newest first").Produces<Page<SkillVersionView>>().ProducesProblem(StatusCodes.Status404NotFound);

        group.MapGet("/skills/{skill}/versions/{version}", async (string skill, string version, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new GetSkillVersion(skill, version), http.RequestAborted)).ToOk())
            .WithName("GetSkillVersion").WithSummary("One version, by number, by id, or as latest").Produces<SkillVersionView>().ProducesProblem(StatusCodes.Status404NotFound);

        group.MapPost("/skills/{skill}/versions/{version}/activate", async (string skill, string version, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new SetSkillVersionStanding(skill, version, IsDeprecated: false), http.RequestAborted)).ToOk())
            .WithName("ActivateSkillVersion").WithSummary("Lets graphs resolve to a version; ends a deprecation").Produces<SkillVersionView>().ProducesProblem(StatusCodes.Status404NotFound);

        group.MapPost("/skills/{skill}/versions/{version}/deprecate", async (string skill, string version, OptionalBody<DeprecationBody> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new SetSkillVersionStanding(skill, version, IsDeprecated: true, body.Value.Message), http.RequestAborted)).ToOk())
            .WithName("DeprecateSkillVersion").WithSummary("Warns authors of graphs that pin the version")
            .Produces<SkillVersionView>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    static void MapTags(RouteGroupBuilder group)
    {
        group.MapPost("/tags", async (Body<CreateTag> body, HttpContext http, IMediator mediator) =>
                (await mediator.Send(body.Value, http.RequestAborted)).ToCreated(tag => $"/v1/tags/{tag.Slug}"))
            .WithName("CreateTag").WithSummary("Makes a tag for skills")
            .Produces<TagView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

        group.MapGet("/tags", async (int? limit, string? cursor, HttpContext http, IMediator mediator) =>
                (await mediator.Send(new ListTags(new PageRequest(limit, cursor)), http.RequestAborted)).ToOk())
            .WithName("ListTags").WithSummary("Tags, the newest first").Produces<Page<TagView>>();

        group.MapGet("/features", async (HttpContext http, IMediator mediator) => (await mediator.Send(new ListFeatures(), http.RequestAborted)).ToOk())
            .WithName("ListFeatures").WithSummary("The catalogue of what an agent can be good for").Produces<Page<FeatureView>>();
    }
}

sealed record DeprecationBody
{
    /// <summary>What to use instead.</summary>
    public string? Message { get; init; }
}
