using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>Deletes a server of the tenant's own with its configuration and its tools. Skills that were made of them answer that it is gone.</summary>
[Requires("mcp:write")]
public sealed record DeleteMcpServer(string Server) : ICommand<bool>;

file sealed class Handler(IMcpServers servers, IAudit audit) : IRequestHandler<DeleteMcpServer, Result<bool>>
{
    public async Task<Result<bool>> Handle(DeleteMcpServer request, CancellationToken cancellationToken)
    {
        switch (await servers.FindForUpdate(McpName.Parse(request.Server), cancellationToken))
        {
            case null:
                return McpErrors.ServerNotFound;
            case { IsPlatform: true }:
                return McpErrors.Platforms;
            case { } server:
                await servers.Delete(server.Id, cancellationToken);
                audit.Record("mcp_server.deleted", "mcp_server", server.Id.ToString(), server);
                return true;
        }
    }
}
