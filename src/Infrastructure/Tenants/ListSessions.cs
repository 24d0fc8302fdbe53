using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<ListSessions, Result<Page<SessionView>>>
{
    /// <summary>Those that <c>tenants.resolve_session</c> would still let in.</summary>
    const string Sql = """
        select s.id, t.slug as tenant, s.ip, s.user_agent, s.created_at, s.last_seen_at, s.expires_at, s.id = @current::uuid as is_current
        from tenants.sessions s
        left join tenants.tenants t on t.id = s.tenant_id
        where s.user_id = tenants.current_user_id() and s.revoked_at is null and s.expires_at > now() and s.last_seen_at > now() - interval '7 days'
          and (@before::uuid is null or s.id < @before::uuid)
        order by s.id desc limit @limit
        """;

    public async Task<Result<Page<SessionView>>> Handle(ListSessions request, CancellationToken cancellationToken)
    {
        if (TenantErrors.RefuseWithoutSession(call) is { } refusal)
        {
            return refusal;
        }

        var person = call.UserId!.Value;
        var before = IdCursor.Decode(person, "sessions", request.Page.Cursor);
        return before.IsOk
            ? Page<SessionView>.Of(
                await db.Query<SessionView>(Sql, new { current = call.CredentialId, before = before.Value, limit = request.Page.Size + 1 }, cancellationToken),
                request.Page.Size, session => IdCursor.Encode(person, "sessions", session.Id))
            : before.Error;
    }
}
