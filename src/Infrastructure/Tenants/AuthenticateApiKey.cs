using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Tenants;

/// <summary>The key names its tenant, so row-level security holds already while it is looked up.</summary>
file sealed class Handler(Db db, CallContext call, ApiKeyCache cache) : IRequestHandler<AuthenticateApiKey, Result<Unit>>
{
    const string Resolve = """
        select k.id, k.user_id, k.scopes, r.permissions || m.permissions as permissions,
               coalesce(k.last_used_at < now() - interval '1 minute', true) as is_first_in_a_while
        from tenants.api_keys k
        join tenants.tenants t on t.id = k.tenant_id and t.status = 'active'
        join tenants.memberships m on m.tenant_id = k.tenant_id and m.user_id = k.user_id and m.status = 'active'
        join tenants.users u on u.id = k.user_id and u.status = 'active' and u.deleted_at is null
        join tenants.roles r on r.tenant_id = '00000000-0000-0000-0000-000000000000' and r.name = m.role
        where k.tenant_id = tenants.current_tenant_id() and k.key_hash = @hash
          and k.status = 'active' and (k.expires_at is null or k.expires_at > now())
        """;

    // Conditional once more: of many callers in the same moment one writes, the others find nothing to do.
    const string Touch = """
        update tenants.api_keys set last_used_at = now()
        where tenant_id = tenants.current_tenant_id() and id = @id and coalesce(last_used_at < now() - interval '1 minute', true)
        """;

    static readonly Error Invalid = new(ErrorKind.Unauthenticated, "invalid_api_key", "The API key is unknown, revoked or expired.");

    public async Task<Result<Unit>> Handle(AuthenticateApiKey request, CancellationToken cancellationToken)
    {
        if (!TenantToken.TryRead(TenantToken.ApiKey, request.Key, out var token))
        {
            return Invalid;
        }

        var hash = token.Hash;
        var caller = cache.Find(hash) ?? await Ask(token, hash, cancellationToken);
        if (caller is null)
        {
            return Invalid;
        }

        call.ActAs(ActorKind.ApiKey, caller.TenantId, caller.UserId, caller.Permissions, caller.KeyId);
        return Unit.Value;
    }

    async Task<KeyCaller?> Ask(TenantToken token, byte[] hash, CancellationToken ct)
    {
        // Taken before the question: what is revoked while it is answered must not live a second longer.
        var asked = cache.Now;
        using var underTenant = new CallAs(call, token.TenantId);
        if (await db.One<Row>(Resolve, new { hash }, ct) is not { } key)
        {
            return null;
        }

        if (key.IsFirstInAWhile)
        {
            await db.Execute(Touch, new { key.Id }, ct);
        }

        var caller = new KeyCaller(key.Id, token.TenantId, key.UserId, new PermissionSet(key.Scopes).Intersect(new PermissionSet(key.Permissions)));
        cache.Remember(hash, caller, asked);
        return caller;
    }

    sealed record Row(Guid Id, Guid UserId, string[] Scopes, string[] Permissions, bool IsFirstInAWhile);
}
