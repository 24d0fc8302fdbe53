using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Agents;

/// <param name="Version">Its number, its id, or <c>latest</c>.</param>
[Requires("agents:read")]
public sealed record GetAgentVersion(string Agent, string? Kind, string Version) : IQuery<AgentVersionView>;
