using AgentPlatform.Api.Http;
using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api;

/// <summary>Teams of a tenant's people.</summary>
static class TeamsEndpoints
{
    public static void MapTeams(this IEndpointRouteBuilder app)
    {
        var teams = app.MapGroup("/v1/teams").WithTags("Teams").ProducesProblem(401).ProducesProblem(403);
        teams.MapGet("", async (int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new ListTeams(new PageRequest(limit, cursor)), ct)).ToOk())
            .WithName("ListTeams").WithSummary("The tenant's teams.").Produces<Page<TeamView>>();
        teams.MapPost("", async (Body<NewTeam> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new CreateTeam(body.Value.Slug, body.Value.Name, body.Value.Description), ct)).ToCreated(team => $"/v1/teams/{team.Id}"))
            .WithName("CreateTeam").WithSummary("Makes a team.").Produces<TeamView>(201).ProducesProblem(409).ProducesProblem(422);
        teams.MapGet("/{id:guid}", async (Guid id, HttpContext http, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new GetTeam(id), ct)).ToOk(http, team => team.UpdatedAt))
            .WithName("GetTeam").WithSummary("One team.").Produces<TeamView>().ProducesProblem(404);
        teams.MapPatch("/{id:guid}", Update).WithName("UpdateTeam").WithSummary("Changes slug, name or description.")
            .Produces<TeamView>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422);
        teams.MapDelete("/{id:guid}", async (Guid id, IMediator mediator, CancellationToken ct) => (await mediator.Send(new DeleteTeam(id), ct)).ToNoContent())
            .WithName("DeleteTeam").WithSummary("Deletes a team.").Produces(204).ProducesProblem(404);
        teams.MapGet("/{id:guid}/members", async (Guid id, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new ListTeamMembers(id, new PageRequest(limit, cursor)), ct)).ToOk())
            .WithName("ListTeamMembers").WithSummary("Who is in a team.").Produces<Page<TeamMemberView>>().ProducesProblem(404);
        teams.MapPut("/{id:guid}/members/{user_id:guid}", async (Guid id, [FromRoute(Name = "user_id")] Guid userId, OptionalBody<TeamRole> body, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new PutTeamMember(id, userId, body.Value.Role), ct)).ToOk())
            .WithName("PutTeamMember").WithSummary("Takes a member of the tenant into a team.").Produces<TeamMemberView>().ProducesProblem(404).ProducesProblem(422);
        teams.MapDelete("/{id:guid}/members/{user_id:guid}", async (Guid id, [FromRoute(Name = "user_id")] Guid userId, IMediator mediator, CancellationToken ct) =>
                (await mediator.Send(new RemoveTeamMember(id, userId), ct)).ToNoContent())
            .WithName("RemoveTeamMember").WithSummary("Takes somebody out of a team.").Produces(204).ProducesProblem(404);
    }

    static async Task<IResult> Update(Guid id, Body<TeamChange> body, [FromHeader(Name = "If-Match")] string? ifMatch, HttpContext http, IMediator mediator, CancellationToken ct)
    {
        var seen = ETags.Parse(ifMatch);
        return seen.IsOk
            ? (await mediator.Send(new UpdateTeam(id, body.Value.Slug, body.Value.Name, body.Value.Description, seen.Value), ct)).ToOk(http, team => team.UpdatedAt)
            : seen.Error.ToProblem();
    }
}

sealed record NewTeam(string Slug, string Name, string? Description = null);

/// <summary>What is not given, or null, stays as it is.</summary>
sealed record TeamChange(string? Slug = null, string? Name = null, string? Description = null);

sealed record TeamRole
{
    /// <summary>lead or member.</summary>
    public string Role { get; init; } = "member";
}
