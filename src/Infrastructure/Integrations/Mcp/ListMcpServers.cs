using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<ListMcpServers, Result<Page<McpServerView>>>
{
    const string ListName = "mcp_servers";

    const string Sql = McpServerSql.SelectServer + " and (@after::uuid is null or s.id < @after) order by s.id desc limit @take";

    public async Task<Result<Page<McpServerView>>> Handle(ListMcpServers request, CancellationToken cancellationToken)
    {
        var cursor = IdCursor.Decode(call.Tenant, ListName, request.Page.Cursor);
        if (!cursor.IsOk)
        {
            return cursor.Error;
        }

        var rows = await db.Query<McpServerRow>(Sql, new { tenant = call.Tenant, after = cursor.Value, take = request.Page.Size + 1 }, cancellationToken);
        return Page<McpServerView>.Of([.. rows.Select(row => row.ToView())], request.Page.Size, last => IdCursor.Encode(call.Tenant, ListName, last.Id));
    }
}
