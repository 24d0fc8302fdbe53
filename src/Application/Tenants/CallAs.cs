using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>
/// Lets the call act in another tenant for a while: what a token names is looked up under that tenant's row-level security, before the
/// token has proved anything. The caller stays anonymous, or who they were, and gets no permission by it.
/// </summary>
sealed class CallAs : IDisposable
{
    readonly CallContext call;
    readonly (ActorKind Actor, Guid? Tenant, Guid? User, Domain.Tenants.PermissionSet Permissions, Guid? Credential) before;

    public CallAs(CallContext call, Guid tenantId, ActorKind actor = ActorKind.Anonymous, Guid? userId = null)
    {
        this.call = call;
        before = (call.Actor, call.TenantId, call.UserId, call.Permissions, call.CredentialId);
        call.ActAs(actor, tenantId, userId, Domain.Tenants.PermissionSet.None);
    }

    public void Dispose() => call.ActAs(before.Actor, before.Tenant, before.User, before.Permissions, before.Credential);
}
