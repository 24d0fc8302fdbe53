using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Ends a membership and revokes the person's API keys of this tenant, so that a later invitation does not revive them.</summary>
[Requires("members:write")]
public sealed record RemoveMember(Guid UserId) : ICommand<Unit>;

file sealed class Handler(IMembers members, RoleCatalog catalog, CallContext call, IAudit audit) : IRequestHandler<RemoveMember, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(RemoveMember request, CancellationToken cancellationToken)
    {
        await members.Lock(cancellationToken);
        if (await members.Find(request.UserId, cancellationToken) is not { } member)
        {
            return Error.NotFound("member");
        }

        if (member.RefusalToRemove(catalog, call.Permissions, await members.CountOtherOwners(request.UserId, cancellationToken)) is { } refusal)
        {
            return refusal;
        }

        await members.Remove(request.UserId, cancellationToken);
        audit.Record("member.removed", "member", request.UserId.ToString(), before: member);
        return Unit.Value;
    }
}
