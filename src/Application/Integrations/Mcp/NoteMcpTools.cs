using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations.Mcp;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>Stores what a server offers now. What differs from what was accepted is in quarantine from here on. Answers how many tools that are.</summary>
// No permission of its own: only the client of MCP servers sends it, under the tenant whose server answered; row-level security holds.
[AllowAnonymousRequest]
sealed record NoteMcpTools(Guid ServerId, IReadOnlyList<McpToolDefinition> Tools) : ICommand<int>;

file sealed class Handler(IMcpServers servers, IAudit audit) : IRequestHandler<NoteMcpTools, Result<int>>
{
    public async Task<Result<int>> Handle(NoteMcpTools request, CancellationToken cancellationToken)
    {
        if (await servers.FindForUpdate(new McpName(request.ServerId, null), cancellationToken) is null)
        {
            return McpErrors.ServerNotFound;
        }

        var changed = await servers.Note(request.ServerId, request.Tools, cancellationToken);
        if (changed.Count > 0)
        {
            audit.Record("mcp_server.tools_changed", "mcp_server", request.ServerId.ToString(), after: new { Changed = changed });
        }

        return changed.Count;
    }
}
