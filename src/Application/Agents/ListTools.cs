using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Application.Agents;

/// <summary>For the run engine: the enabled skills that an agent's model may call, in order, each in the version that it resolves to now.</summary>
// No permission of its own: only other modules send it, for an agent that runs; row-level security holds.
[AllowAnonymousRequest]
public sealed record ListTools(Guid AgentId) : IQuery<IReadOnlyList<BoundTool>>;

public sealed record BoundTool(ResolvedSkill Skill, ToolTerms Terms);
