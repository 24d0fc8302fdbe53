using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

file sealed class Handler(IMcpServers servers) : IRequestHandler<GetMcpServer, Result<McpServerView>>
{
    public async Task<Result<McpServerView>> Handle(GetMcpServer request, CancellationToken cancellationToken) =>
        await servers.Find(McpName.Parse(request.Server), cancellationToken) is { } server ? server : Error.NotFound("mcp_server");
}
