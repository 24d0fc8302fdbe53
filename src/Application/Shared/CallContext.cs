using AgentPlatform.Domain.Tenants;

namespace AgentPlatform.Application.Shared;

public enum ActorKind
{
    Anonymous,
    User,
    ApiKey,
    Webhook,
    System,
}

/// <summary>
/// Who is calling, for which tenant, with which permissions. One per request scope, filled once by authentication;
/// the database's row-level security reads tenant and user from here and from nowhere else.
/// </summary>
public sealed class CallContext
{
    public ActorKind Actor { get; private set; }

    public Guid? TenantId { get; private set; }

    public Guid? UserId { get; private set; }

    /// <summary>The session or API key that was presented.</summary>
    public Guid? CredentialId { get; private set; }

    public Guid? ApiKeyId => Actor is ActorKind.ApiKey ? CredentialId : null;

    public PermissionSet Permissions { get; private set; } = PermissionSet.None;

    public string? Ip { get; set; }

    public string? UserAgent { get; set; }

    /// <summary>The caller's <c>Idempotency-Key</c>, honoured by the outermost command.</summary>
    public string? IdempotencyKey { get; set; }

    /// <summary>SHA-256 of method, path and body: the same key with another request is refused.</summary>
    public byte[]? RequestHash { get; set; }

    /// <summary>Set when the answer is a stored one; the API then adds <c>Idempotent-Replayed: true</c>.</summary>
    public bool Replayed { get; set; }

    public bool IsSignedIn => Actor is not ActorKind.Anonymous;

    /// <summary>The tenant; use it where authorisation has already made sure that there is one.</summary>
    public Guid Tenant => TenantId ?? throw new InvalidOperationException("The call has no tenant.");

    public void ActAs(ActorKind actor, Guid? tenantId, Guid? userId, PermissionSet permissions, Guid? credentialId = null)
    {
        Actor = actor;
        TenantId = tenantId;
        UserId = userId;
        Permissions = permissions;
        CredentialId = credentialId;
    }
}
