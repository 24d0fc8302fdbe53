using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>For the schedulers, which work for many tenants at once: who of these is served. One that does not exist is left out.</summary>
// No permission of its own: no endpoint sends it. It answers with no tenant's data but whether it is active.
[AllowAnonymousRequest]
public sealed record ListTenantStandings(IReadOnlyCollection<Guid> Ids) : IQuery<IReadOnlyList<TenantReference>>;
