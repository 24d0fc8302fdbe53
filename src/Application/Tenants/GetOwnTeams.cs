using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Tenants;

/// <summary>For other modules: the ids of the caller's teams in the tenant.</summary>
// No permission of its own: it tells callers about themselves, and only other modules send it.
[AllowAnonymousRequest]
public sealed record GetOwnTeams : IQuery<IReadOnlyList<Guid>>;
