using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>Null where none is begun, as for most agents at most times.</summary>
[Requires("agents:read")]
public sealed record GetAgentDraft(string Agent, string? Kind = null) : IQuery<AgentDraftView?>;
