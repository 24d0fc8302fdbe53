using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Tenants;

[Requires("members:write")]
public sealed record RemoveTeamMember(Guid TeamId, Guid UserId) : ICommand<Unit>;

file sealed class Handler(ITeams teams, IAudit audit) : IRequestHandler<RemoveTeamMember, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(RemoveTeamMember request, CancellationToken cancellationToken)
    {
        if (await teams.Find(request.TeamId, cancellationToken) is null)
        {
            return TenantErrors.TeamNotFound;
        }

        if (!await teams.RemoveMember(request.TeamId, request.UserId, cancellationToken))
        {
            return Error.NotFound("member");
        }

        audit.Record("team.member_removed", "team", request.TeamId.ToString(), before: new { request.UserId });
        return Unit.Value;
    }
}
