using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>For other modules that show what they stored by id: slugs of the tenant's agents, deleted ones included.</summary>
// No permission of its own: only other modules send it, for rows that their caller may read; row-level security holds.
[AllowAnonymousRequest]
public sealed record GetAgentNames(IReadOnlyList<Guid> Ids) : IQuery<IReadOnlyDictionary<Guid, string>>;
