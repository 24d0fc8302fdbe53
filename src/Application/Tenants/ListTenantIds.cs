using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>For work that is done for every tenant in turn: all that there are, deleted ones included, in the order of their ids.</summary>
// No permission of its own: no endpoint sends it. It answers with no tenant's data.
[AllowAnonymousRequest]
public sealed record ListTenantIds(Guid? After, int Take) : IQuery<IReadOnlyList<Guid>>;
