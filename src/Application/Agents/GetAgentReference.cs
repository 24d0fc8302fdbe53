using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>For other modules that point at an agent, and maybe at one of its versions, whether or not it may run right now.</summary>
// No permission of its own: only other modules send it, after they have checked the right to their own thing; row-level security holds.
[AllowAnonymousRequest]
public sealed record GetAgentReference(string AgentIdOrSlug, string? Version = null) : IQuery<AgentReference>;

/// <param name="VersionId">Of the version that was asked for; null when none was.</param>
public sealed record AgentReference(Guid AgentId, string Slug, Guid? VersionId);
