using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>The tools of a server as it described them when it was last asked, by name.</summary>
[Requires("mcp:read")]
public sealed record ListMcpTools(string Server, PageRequest Page) : IQuery<Page<McpToolView>>, IValidate
{
    public IEnumerable<FieldError> Validate() => Page.Validate();
}
