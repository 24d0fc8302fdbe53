using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution;

file sealed class Get(ITriggers triggers) : IRequestHandler<GetTrigger, Result<TriggerView>>
{
    public async Task<Result<TriggerView>> Handle(GetTrigger request, CancellationToken cancellationToken) =>
        await triggers.Find(request.Id, cancellationToken) is { } view ? view : ExecutionErrors.TriggerNotFound;
}

file sealed class List(Db db, CallContext call, IMediator mediator) : IRequestHandler<ListTriggers, Result<Page<TriggerView>>>
{
    const string Sql = $"""
        select {TriggerSql.Columns} from {TriggerSql.From}
        where t.tenant_id = @tenant and (@agent::uuid is null or t.agent_id = @agent) and (@kind::text is null or t.kind = @kind)
          and (@enabled::boolean is null or t.is_enabled = @enabled) and (@before::uuid is null or t.id < @before)
        order by t.id desc limit @limit
        """;

    public async Task<Result<Page<TriggerView>>> Handle(ListTriggers request, CancellationToken cancellationToken)
    {
        var before = IdCursor.Decode(call.Tenant, "triggers", request.Page.Cursor);
        if (!before.IsOk)
        {
            return before.Error;
        }

        var agent = await mediator.AgentId(request.Agent, cancellationToken);
        if (!agent.IsOk)
        {
            return agent.Error;
        }

        var args = new { tenant = call.Tenant, agent = agent.Value, kind = request.Kind, enabled = request.IsEnabled, before = before.Value, limit = request.Page.Size + 1 };
        var rows = await db.Query<TriggerView>(Sql, args, cancellationToken);
        return Page<TriggerView>.Of(rows, request.Page.Size, last => IdCursor.Encode(call.Tenant, "triggers", last.Id));
    }
}
