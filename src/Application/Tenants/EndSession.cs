using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Ends one of one's own sessions, on every node at once: a device that was lost, or left signed in.</summary>
[SignedIn]
public sealed record EndSession(Guid Id) : ICommand<Unit>;

file sealed class EndHandler(ISessions sessions, CallContext call, IAudit audit) : IRequestHandler<EndSession, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(EndSession request, CancellationToken cancellationToken)
    {
        if (TenantErrors.RefuseWithoutSession(call) is { } refusal)
        {
            return refusal;
        }

        if (!await sessions.Revoke(request.Id, cancellationToken))
        {
            return Error.NotFound("session");
        }

        audit.Record("session.ended", "session", request.Id.ToString());
        return Unit.Value;
    }
}
