using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Deletes a team. What was assigned to it is left to admins and owners.</summary>
[Requires("members:write")]
public sealed record DeleteTeam(Guid Id) : ICommand<Unit>;

file sealed class Handler(ITeams teams, IAudit audit) : IRequestHandler<DeleteTeam, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(DeleteTeam request, CancellationToken cancellationToken)
    {
        if (await teams.Find(request.Id, cancellationToken) is not { } before || !await teams.Delete(request.Id, cancellationToken))
        {
            return TenantErrors.TeamNotFound;
        }

        audit.Record("team.deleted", "team", request.Id.ToString(), before);
        return Unit.Value;
    }
}
