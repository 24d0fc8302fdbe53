using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>The skills that an agent's model may call, in the order in which they are offered.</summary>
[Requires("agents:read")]
public sealed record ListAgentSkills(string Agent, string? Kind = null) : IQuery<Page<AgentSkillView>>;
