using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

file sealed class Handler(Db db, IMcpServers servers, CallContext call) : IRequestHandler<ListMcpExecutions, Result<Page<McpExecutionView>>>
{
    const string Sql =
        """
        select id, request_id, run_id, agent_id, user_id, tool_name, tool_hash, input::text, output::text, status, error_code, error_message, server_instance, duration_ms,
          started_at, completed_at
        from integrations.mcp_tool_executions
        where tenant_id = @tenant and mcp_server_id = @server and (@tool::text is null or tool_name = @tool) and (@status::text is null or status = @status)
          and (@run::uuid is null or run_id = @run) and id < @before
        order by id desc limit @take
        """;

    public async Task<Result<Page<McpExecutionView>>> Handle(ListMcpExecutions request, CancellationToken cancellationToken)
    {
        if (await servers.Find(McpName.Parse(request.Server), cancellationToken) is not { } server)
        {
            return Error.NotFound("mcp_server");
        }

        var list = $"mcp-executions:{server.Id:n}";
        var before = IdCursor.Decode(call.Tenant, list, request.Page.Cursor);
        if (!before.IsOk)
        {
            return before.Error;
        }

        var args = new
        {
            tenant = call.Tenant,
            server = server.Id,
            tool = request.Tool,
            status = request.Status,
            run = request.Run,
            before = before.Value ?? Guid.AllBitsSet,
            take = request.Page.Size + 1,
        };
        var rows = await db.Query<McpExecutionView>(Sql, args, cancellationToken);
        return Page<McpExecutionView>.Of(rows, request.Page.Size, row => IdCursor.Encode(call.Tenant, list, row.Id));
    }
}
