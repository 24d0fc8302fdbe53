using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>For other modules: the plan of the call's tenant.</summary>
// No permission of its own: no endpoint sends it, and row-level security shows the own tenant only.
[AllowAnonymousRequest]
public sealed record GetTenantPlan : IQuery<string>;
