using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

sealed class ApiKeys(Db db) : IApiKeys
{
    public async Task<ApiKeyView> Add(
        Guid id, string name, string prefix, byte[] hash, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt, CancellationToken ct) => (await db.One<ApiKeyView>("""
        insert into tenants.api_keys (tenant_id, id, user_id, name, prefix, key_hash, scopes, expires_at)
        values (tenants.current_tenant_id(), @id, tenants.current_user_id(), @name, @prefix, @hash, @scopes, @expiresAt::timestamptz)
        returning id, name, prefix, scopes, status, user_id, expires_at, last_used_at, created_at
        """, new { id, name, prefix, hash, scopes = scopes.ToArray(), expiresAt }, ct))!;

    public Task<ApiKeyView?> Find(Guid id, CancellationToken ct) => db.One<ApiKeyView>("""
        select id, name, prefix, scopes, status, user_id, expires_at, last_used_at, created_at
        from tenants.api_keys where tenant_id = tenants.current_tenant_id() and id = @id
        """, new { id }, ct);

    public async Task<bool> Revoke(Guid id, CancellationToken ct) => await db.Execute("""
        update tenants.api_keys set status = 'revoked', updated_at = now()
        where tenant_id = tenants.current_tenant_id() and id = @id and status <> 'revoked'
        """, new { id }, ct) == 1;
}

file sealed class ListHandler(Db db, CallContext call) : IRequestHandler<ListApiKeys, Result<Page<ApiKeyView>>>
{
    const string List = """
        select id, name, prefix, scopes, case when status = 'active' and expires_at <= now() then 'expired' else status end as status,
               user_id, expires_at, last_used_at, created_at
        from tenants.api_keys
        where tenant_id = tenants.current_tenant_id() and (@Before::uuid is null or id < @Before::uuid)
        order by id desc limit @Limit
        """;

    public async Task<Result<Page<ApiKeyView>>> Handle(ListApiKeys request, CancellationToken cancellationToken)
    {
        var before = IdCursor.Decode(call.Tenant, "api_keys", request.Page.Cursor);
        return before.IsOk
            ? Page<ApiKeyView>.Of(
                await db.Query<ApiKeyView>(List, new { Before = before.Value, Limit = request.Page.Size + 1 }, cancellationToken),
                request.Page.Size, key => IdCursor.Encode(call.Tenant, "api_keys", key.Id))
            : before.Error;
    }
}
