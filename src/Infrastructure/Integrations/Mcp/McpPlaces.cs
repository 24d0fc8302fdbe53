using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Domain.Integrations.Mcp;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

sealed class McpPlaces(IReadOnlyList<McpCatalogueEntry> catalogue, EgressPolicy policy) : IMcpPlaces
{
    public IReadOnlyList<McpCatalogueEntry> Catalogue => catalogue;

    public FieldError? CheckUrl(string pointer, string url)
    {
        try
        {
            EgressUrl.Parse(url, policy);
            return null;
        }
        catch (EgressRefusedException refused)
        {
            return new FieldError(pointer, refused.Code, refused.Message);
        }
    }
}
