using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Tenants;

/// <summary>Ends the session that the call came with, on every node at once: no node remembers sessions.</summary>
[SignedIn]
public sealed record Logout : ICommand<Unit>;

file sealed class Handler(ISessions sessions, CallContext call, IAudit audit) : IRequestHandler<Logout, Result<Unit>>
{
    public async Task<Result<Unit>> Handle(Logout request, CancellationToken cancellationToken)
    {
        if (TenantErrors.RefuseWithoutSession(call) is { } refusal)
        {
            return refusal;
        }

        await sessions.Revoke(call.CredentialId!.Value, cancellationToken);
        audit.Record("session.ended", "session", call.CredentialId.Value.ToString());
        return Unit.Value;
    }
}
