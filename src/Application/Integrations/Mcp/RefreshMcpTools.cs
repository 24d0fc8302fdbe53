using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>Asks a server what it offers. No command: nobody holds a transaction open while a stranger answers.</summary>
[Requires("mcp:write")]
public sealed record RefreshMcpTools(string Server) : IRequest<Result<McpRefreshView>>;

/// <param name="Tools">How many the server offers.</param>
/// <param name="Changed">How many of them are new or changed, or gone, since it was last asked.</param>
/// <param name="Ignored">How many have a name or a definition that cannot be used.</param>
public sealed record McpRefreshView(int Tools, int Changed, int Ignored);

file sealed class Handler(IMcpTools tools, CallContext call) : IRequestHandler<RefreshMcpTools, Result<McpRefreshView>>
{
    public async Task<Result<McpRefreshView>> Handle(RefreshMcpTools request, CancellationToken cancellationToken)
    {
        var listing = await tools.List(call.Tenant, request.Server, call.UserId, cancellationToken);
        return listing.Error is { } error ? McpRefusals.Of(error) : new McpRefreshView(listing.Tools, listing.Changed, listing.Ignored);
    }
}
