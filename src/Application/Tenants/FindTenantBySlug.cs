using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>For requests that name their tenant by slug before anybody is signed in (webhooks). Null when there is none.</summary>
[AllowAnonymousRequest]
public sealed record FindTenantBySlug(string Slug) : IQuery<TenantReference?>;

/// <param name="Status">Only an <c>active</c> tenant is served.</param>
public sealed record TenantReference(Guid Id, string Status, string Plan)
{
    public bool IsActive => Status == "active";
}
