using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

file sealed class Handler(IMcpPlaces places) : IRequestHandler<ListMcpCatalogue, Result<Page<McpCatalogueView>>>
{
    public Task<Result<Page<McpCatalogueView>>> Handle(ListMcpCatalogue request, CancellationToken cancellationToken) =>
        Task.FromResult<Result<Page<McpCatalogueView>>>(new Page<McpCatalogueView>([.. places.Catalogue.Select(entry => new McpCatalogueView(
            entry.Name, entry.Title, entry.Description,
            [.. entry.Values.Select(value => new McpValueView(value.Key, value.Value.Description, value.Value.Pattern, value.Value.IsRequired))], entry.HasNetwork))], null));
}
