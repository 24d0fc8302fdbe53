using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>What is not given, or null, stays as it is.</summary>
/// <param name="Seen">The version that the caller edits (<c>If-Match</c>).</param>
[Requires("members:write")]
public sealed record UpdateTeam(Guid Id, string? Slug = null, string? Name = null, string? Description = null, DateTimeOffset? Seen = null) : ICommand<TeamView>, IValidate
{
    public IEnumerable<FieldError> Validate() => TeamRules.Check(Slug, Name, Description);
}

file sealed class Handler(ITeams teams, IAudit audit) : IRequestHandler<UpdateTeam, Result<TeamView>>
{
    public async Task<Result<TeamView>> Handle(UpdateTeam request, CancellationToken cancellationToken)
    {
        if (await teams.Find(request.Id, cancellationToken) is not { } before)
        {
            return TenantErrors.TeamNotFound;
        }

        var outcome = await teams.Update(request, cancellationToken);
        if (outcome is not TeamOutcome.Done)
        {
            return outcome is TeamOutcome.SlugTaken ? TenantErrors.TeamSlugTaken : ETags.Stale;
        }

        var after = (await teams.Find(request.Id, cancellationToken))!;
        audit.Record("team.updated", "team", request.Id.ToString(), before, after);
        return after;
    }
}
