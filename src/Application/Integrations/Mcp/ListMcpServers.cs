using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>The tenant's servers and the platform's, the newest first.</summary>
[Requires("mcp:read")]
public sealed record ListMcpServers(PageRequest Page) : IQuery<Page<McpServerView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => Page.Validate();
}
