using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

file sealed class Handler(Db db, IMcpServers servers, CallContext call) : IRequestHandler<ListMcpTools, Result<Page<McpToolView>>>
{
    const string ListName = "mcp_tools";

    // The collation of bytes, so that the order is the same on every server.
    const string Sql = McpServerSql.SelectTool + """ and (@after::text is null or t.name collate "C" > @after) order by t.name collate "C" limit @take""";

    public async Task<Result<Page<McpToolView>>> Handle(ListMcpTools request, CancellationToken cancellationToken)
    {
        if (await servers.Find(McpName.Parse(request.Server), cancellationToken) is not { } server)
        {
            return Error.NotFound("mcp_server");
        }

        var list = $"{ListName}:{server.Id:n}";
        var cursor = Cursor.Decode(call.Tenant, list, request.Page.Cursor, 1);
        if (!cursor.IsOk)
        {
            return cursor.Error;
        }

        var rows = await db.Query<McpToolRow>(Sql, new { tenant = call.Tenant, server = server.Id, after = cursor.Value?[0], take = request.Page.Size + 1 }, cancellationToken);
        return Page<McpToolView>.Of([.. rows.Select(row => row.ToView())], request.Page.Size, last => Cursor.Encode(call.Tenant, list, last.Name));
    }
}
