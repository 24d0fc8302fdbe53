using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Agents;

/// <param name="Agent">Id or slug.</param>
/// <param name="Kind">When given, an agent of another kind is not found.</param>
[Requires("agents:read")]
public sealed record GetAgent(string Agent, string? Kind = null) : IQuery<AgentView>;
