using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Tenants;

sealed class Sessions(Db db, CallContext call) : ISessions
{
    public Task Open(Guid id, Guid? tenantId, byte[] tokenHash, CancellationToken ct) => db.Execute("""
        delete from tenants.sessions where user_id = tenants.current_user_id() and least(expires_at, revoked_at) < now() - interval '30 days';
        insert into tenants.sessions (id, user_id, tenant_id, token_hash, ip, user_agent, expires_at)
        values (@id, tenants.current_user_id(), @tenantId, @tokenHash, @ip, @userAgent, now() + interval '30 days')
        """, new { id, tenantId, tokenHash, ip = LogText.OneLine(call.Ip, 64), userAgent = LogText.OneLine(call.UserAgent, 512) }, ct);

    public async Task<bool> Revoke(Guid id, CancellationToken ct) => await db.Execute(
        "update tenants.sessions set revoked_at = now() where id = @id and user_id = tenants.current_user_id() and revoked_at is null", new { id }, ct) == 1;

    public Task RevokeOthers(Guid? except, CancellationToken ct) => db.Execute("""
        update tenants.sessions set revoked_at = now()
        where user_id = tenants.current_user_id() and revoked_at is null and id is distinct from @except::uuid
        """, new { except }, ct);
}
