using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

/// <summary>One round trip and no memory of earlier answers: a logout holds at once on every node.</summary>
file sealed class Handler(Db db, CallContext call) : IRequestHandler<AuthenticateSession, Result<Unit>>
{
    const string Resolve = """
        select session_id, user_id, tenant_id, permissions from tenants.resolve_session(@hash, interval '7 days')
        """;

    public async Task<Result<Unit>> Handle(AuthenticateSession request, CancellationToken cancellationToken)
    {
        if (await db.One<Row>(Resolve, new { hash = request.Token.Hash }, cancellationToken) is not { } session)
        {
            return AuthErrors.NotSignedIn;
        }

        call.ActAs(ActorKind.User, session.TenantId, session.UserId, new PermissionSet(session.Permissions), session.SessionId);
        return Unit.Value;
    }

    sealed record Row(Guid SessionId, Guid UserId, Guid? TenantId, string[] Permissions);
}
