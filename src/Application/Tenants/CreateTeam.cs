using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Makes a team, without members.</summary>
[Requires("members:write")]
public sealed record CreateTeam(string Slug, string Name, string? Description = null) : ICommand<TeamView>, IValidate
{
    public IEnumerable<FieldError> Validate() => TeamRules.Check(Slug, Name, Description);
}

file sealed class Handler(ITeams teams, IAudit audit, TimeProvider time) : IRequestHandler<CreateTeam, Result<TeamView>>
{
    public async Task<Result<TeamView>> Handle(CreateTeam request, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        if (!await teams.Add(id, request.Slug, request.Name, request.Description, cancellationToken))
        {
            return TenantErrors.TeamSlugTaken;
        }

        var view = (await teams.Find(id, cancellationToken))!;
        audit.Record("team.created", "team", id.ToString(), after: view);
        return view;
    }
}
