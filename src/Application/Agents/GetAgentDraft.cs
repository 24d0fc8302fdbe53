using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Agents;

[Requires("agents:read")]
public sealed record GetAgentDraft(string Agent, string? Kind = null) : IQuery<AgentDraftView>;
