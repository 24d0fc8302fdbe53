using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents.Definitions;

namespace AgentPlatform.Application.Agents;

/// <summary>An agent with its latest version as one document, to be kept in a repository and applied elsewhere.</summary>
[Requires("agents:read")]
public sealed record GetAgentDefinition(string Agent, string? Kind) : IQuery<ExportedDefinition>;

public sealed record ExportedDefinition(AgentDefinition Definition, string ContentHash, DateTimeOffset UpdatedAt);
