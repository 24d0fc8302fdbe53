using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Execution.Interactions;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution.Interactions;

file sealed class List(Db db, CallContext call, IMediator mediator) : IRequestHandler<ListInteractions, Result<Page<InteractionView>>>
{
    const string Sql = $"""
        select {InteractionSql.Columns} from execution.interactions i
        where i.tenant_id = @tenant and (@user::uuid is null or i.user_id = @user) and (@agent::uuid is null or i.agent_id = @agent) and (@type::text is null or i.type_id = @type)
          and (@conversation::uuid is null or i.conversation_id = @conversation) and case when @status::text is null then i.status <> 'deleted' else i.status = @status end
          and (@tag::text is null or @tag = any(i.tags)) and (@rated::boolean is null or (coalesce(i.satisfaction, i.usefulness) is not null or i.feedback is not null) = @rated)
          and i.id >= coalesce(platform.uuid_v7_floor(@since), '00000000-0000-0000-0000-000000000000') and i.id < least(platform.uuid_v7_floor(@until), @before)
        order by i.id desc limit @limit
        """;

    public async Task<Result<Page<InteractionView>>> Handle(ListInteractions request, CancellationToken cancellationToken)
    {
        var user = call.WhoseTalks(request.User);
        if (!user.IsOk)
        {
            return user.Error;
        }

        var before = IdCursor.Decode(call.Tenant, "interactions", request.Page.Cursor);
        if (!before.IsOk)
        {
            return before.Error;
        }

        var agent = await mediator.AgentId(request.Agent, cancellationToken);
        if (!agent.IsOk)
        {
            return agent.Error;
        }

        var rows = await db.Query<InteractionView>(Sql, new
        {
            tenant = call.Tenant,
            user = user.Value,
            agent = agent.Value,
            type = request.Type,
            conversation = request.Conversation,
            status = request.Status,
            tag = request.Tag,
            rated = request.Rated,
            since = request.Since?.UtcDateTime,
            until = request.Until?.UtcDateTime,
            before = before.Value ?? Guid.AllBitsSet,
            limit = request.Page.Size + 1,
        }, cancellationToken);
        return Page<InteractionView>.Of(rows, request.Page.Size, row => IdCursor.Encode(call.Tenant, "interactions", row.Id));
    }
}

file sealed class Types(Db db) : IRequestHandler<ListInteractionTypes, Result<Page<InteractionTypeView>>>
{
    const string Sql = "select id, name, description, category, icon, color, sort_order from execution.interaction_types where is_active order by sort_order";

    public async Task<Result<Page<InteractionTypeView>>> Handle(ListInteractionTypes request, CancellationToken cancellationToken) =>
        new Page<InteractionTypeView>(await db.Query<InteractionTypeView>(Sql, ct: cancellationToken), null);
}
