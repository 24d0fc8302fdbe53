using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Application.Agents;

/// <summary>For the run engine: skill versions by id, whatever became of them since a run began to use them. Those that do not exist are missing.</summary>
// No permission of its own: only other modules send it, with ids that they stored; row-level security holds.
[AllowAnonymousRequest]
public sealed record GetSkillVersions(IReadOnlyList<Guid> Ids) : IQuery<IReadOnlyDictionary<Guid, ResolvedSkill>>;
