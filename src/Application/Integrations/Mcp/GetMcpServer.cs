using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Integrations.Mcp;

[Requires("mcp:read")]
public sealed record GetMcpServer(string Server) : IQuery<McpServerView>;
