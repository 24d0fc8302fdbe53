using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Takes a member of the tenant into a team, or changes their role in it.</summary>
/// <param name="Role">lead or member.</param>
[Requires("members:write")]
public sealed record PutTeamMember(Guid TeamId, Guid UserId, string Role = "member") : ICommand<TeamMemberView>, IValidate
{
    public IEnumerable<FieldError> Validate() => Role is "lead" or "member" ? [] : [new FieldError("/role", "unknown_role", "A role in a team is lead or member.")];
}

file sealed class Handler(ITeams teams, IMembers members, IAudit audit) : IRequestHandler<PutTeamMember, Result<TeamMemberView>>
{
    public async Task<Result<TeamMemberView>> Handle(PutTeamMember request, CancellationToken cancellationToken)
    {
        // Against a member who is removed, or a team that is deleted, at this moment.
        await members.Lock(cancellationToken);
        if (await teams.Find(request.TeamId, cancellationToken) is null)
        {
            return TenantErrors.TeamNotFound;
        }

        if (await members.Find(request.UserId, cancellationToken) is null)
        {
            return Error.NotFound("member");
        }

        var member = await teams.PutMember(request.TeamId, request.UserId, request.Role, cancellationToken);
        audit.Record("team.member_set", "team", request.TeamId.ToString(), after: new { request.UserId, request.Role });
        return member;
    }
}
