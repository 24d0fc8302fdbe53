using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>The servers that the operator lets tenants run as processes.</summary>
[Requires("mcp:read")]
public sealed record ListMcpCatalogue : IQuery<Page<McpCatalogueView>>;
