using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution.Conversations;

static class ConversationSql
{
    const string First = """
        c.id, c.agent_id, null as agent_slug, c.user_id, c.title, c.status, c.if_busy, c.context, c.metadata, c.summary, c.last_seq as message_count, c.last_active_at as last_message_at,
          c.active_message_id, c.pending as pending_count
        """;

    const string Last = "c.started_at, c.completed_at, c.created_at, c.updated_at";

    public const string Columns = $"{First}, null as match, {Last}";

    /// <summary>With what a search found as <c>f.content</c>.</summary>
    public const string FoundColumns = $"{First}, f.content as match, {Last}";

    /// <summary>Names the agents: their table is another module's.</summary>
    public static async Task<IReadOnlyList<ConversationView>> Named(this IReadOnlyList<ConversationView> rows, IMediator mediator, CancellationToken ct)
    {
        var names = await mediator.Send(new GetAgentNames([.. rows.Select(row => row.AgentId).Distinct()]), ct);
        return [.. rows.Select(row => row with { AgentSlug = names.Value.GetValueOrDefault(row.AgentId) })];
    }
}

sealed class ConversationStore(Db db, CallContext call, IMediator mediator) : IConversations
{
    /// <summary>With its interaction, which has the same id.</summary>
    const string AddSql = """
        with added as (
          insert into execution.conversations (tenant_id, id, agent_id, user_id, title, status, if_busy, context, metadata)
          values (@tenant, @id, @agent, @user, @title, @status, @policy, @context::jsonb, @metadata::jsonb)
          returning id, agent_id, user_id, title
        )
        insert into execution.interactions (tenant_id, id, agent_id, user_id, type_id, conversation_id, title)
        select @tenant, id, agent_id, user_id, 'conversation', id, coalesce(title, 'A conversation') from added
        """;

    const string FindSql = $"select {ConversationSql.Columns} from execution.conversations c where c.tenant_id = @tenant and c.id = @id";

    const string PeekSql = """
        select id, agent_id, user_id, title, status, if_busy, context, summary, summary_seq, last_seq, pending, active_message_id, active_run_id, started_at
        from execution.conversations where tenant_id = @tenant and id = @id
        """;

    const string LockSql = $"{PeekSql} for update";

    const string UpdateSql = $"""
        update execution.conversations c
        set title = @title, status = @status, if_busy = @policy, context = @context::jsonb, metadata = @metadata::jsonb, updated_at = now(),
          completed_at = case when @status = 'active' then null else coalesce(completed_at, now()) end
        where c.tenant_id = @tenant and c.id = @id and (@seen::timestamptz is null or c.updated_at = @seen)
        returning {ConversationSql.Columns}
        """;

    const string UpdateInteractionSql = """
        update execution.interactions set title = coalesce(@title, title), status = case when @status = 'active' then 'active' else 'completed' end, updated_at = now()
        where tenant_id = @tenant and id = @id and status in ('active', 'completed')
        """;

    const string DeleteSql = """
        with said as (
          delete from execution.messages where tenant_id = @tenant and conversation_id = @id
        ), noted as (
          update execution.interactions set status = 'deleted', content_preview = null, full_content = null, updated_at = now() where tenant_id = @tenant and id = @id
        )
        delete from execution.conversations where tenant_id = @tenant and id = @id
        """;

    public Task Add(Guid id, Guid agent, ConversationFields fields, CancellationToken ct) => db.Execute(AddSql, new
    {
        tenant = call.Tenant,
        id,
        agent,
        user = call.UserId,
        title = fields.Title,
        status = fields.Status,
        policy = fields.IfBusy,
        context = fields.Context,
        metadata = fields.Metadata,
    }, ct);

    public async Task<ConversationView?> Find(Guid id, CancellationToken ct) => await Named(await db.One<ConversationView>(FindSql, new { tenant = call.Tenant, id }, ct), ct);

    public Task<OpenConversation?> Peek(Guid id, CancellationToken ct) => db.One<OpenConversation>(PeekSql, new { tenant = call.Tenant, id }, ct);

    public async Task<OpenConversation?> Lock(Guid id, CancellationToken ct)
    {
        await db.Execute("savepoint talk", ct: ct);
        return await db.One<OpenConversation>(LockSql, new { tenant = call.Tenant, id }, ct);
    }

    public Task Unlock(CancellationToken ct) => db.Execute("rollback to savepoint talk", ct: ct);

    public async Task<ConversationView?> Update(Guid id, ConversationFields fields, DateTimeOffset? seen, CancellationToken ct)
    {
        var args = new
        {
            tenant = call.Tenant,
            id,
            title = fields.Title,
            status = fields.Status,
            policy = fields.IfBusy,
            context = fields.Context,
            metadata = fields.Metadata,
            seen = seen?.UtcDateTime,
        };
        var updated = await db.One<ConversationView>(UpdateSql, args, ct);
        if (updated is not null)
        {
            await db.Execute(UpdateInteractionSql, args, ct);
        }

        return await Named(updated, ct);
    }

    public Task Delete(Guid id, CancellationToken ct) => db.Execute(DeleteSql, new { tenant = call.Tenant, id }, ct);

    async Task<ConversationView?> Named(ConversationView? view, CancellationToken ct) =>
        view is null ? null : (await new[] { view }.Named(mediator, ct))[0];
}
