using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Takes an open invitation back; its token is void at once.</summary>
[Requires("members:write")]
public sealed record DeleteInvitation(Guid Id) : ICommand<Unit>;

file sealed class Handler(IInvitations invitations, IAudit audit) : IRequestHandler<DeleteInvitation, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(DeleteInvitation request, CancellationToken cancellationToken)
    {
        if (await invitations.Delete(request.Id, cancellationToken) is not { } deleted)
        {
            return Error.NotFound("invitation");
        }

        audit.Record("invitation.deleted", "invitation", request.Id.ToString(), before: deleted);
        return Unit.Value;
    }
}
