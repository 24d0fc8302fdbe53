using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution;

file sealed class Handler(Db db, CallContext call, IMediator mediator) : IRequestHandler<ListToolExecutions, Result<Page<ToolExecutionView>>>
{
    const string Sql = """
        select id, request_id, run_id, step_id, conversation_id, message_id, agent_id, skill_id, skill_version_id, tool_name, input::text, output::text, status, attempts, http_status,
          error_code, error_message, error_detail, duration_ms, llm_source, user_id, started_at, completed_at
        from execution.tool_executions
        where tenant_id = @tenant and (@run::uuid is null or run_id = @run) and (@agent::uuid is null or agent_id = @agent)
          and (conversation_id is null or user_id = @me or @all) and (@tool::text is null or tool_name = @tool) and (@status::text is null or status = @status)
          and id >= @first and id < @before
        order by id desc limit @limit
        """;

    public async Task<Result<Page<ToolExecutionView>>> Handle(ListToolExecutions request, CancellationToken cancellationToken)
    {
        var before = IdCursor.Decode(call.Tenant, "tool-executions", request.Page.Cursor);
        if (!before.IsOk)
        {
            return before.Error;
        }

        var agent = await mediator.AgentId(request.Agent, cancellationToken);
        if (!agent.IsOk)
        {
            return agent.Error;
        }

        // The ids of a run's calls have its time: they lie side by side in the primary key.
        var (first, last) = request.Run is { } run ? DerivedId.Range(run) : (Guid.Empty, Guid.AllBitsSet);
        var rows = await db.Query<ToolExecutionView>(Sql, new
        {
            tenant = call.Tenant,
            run = request.Run,
            agent = agent.Value,
            tool = request.Tool,
            me = call.UserId,
            all = call.SeesAllTalks(),
            status = request.Status,
            first,
            before = before.Value ?? last,
            limit = request.Page.Size + 1,
        }, cancellationToken);
        return Page<ToolExecutionView>.Of(rows, request.Page.Size, row => IdCursor.Encode(call.Tenant, "tool-executions", row.Id));
    }
}
