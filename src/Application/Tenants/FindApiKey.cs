using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>For other modules that point at one of the tenant's API keys, whatever its status.</summary>
// No permission of its own: only other modules send it, after they have checked the right to their own thing; row-level security holds.
[AllowAnonymousRequest]
public sealed record FindApiKey(Guid Id) : IQuery<Guid>;
