using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Conversations;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Execution.Conversations;

sealed class MessageStore(Db db, CallContext call) : IMessages
{
    const string FilesSql = "select files::text from execution.messages where tenant_id = @tenant and id = @id and conversation_id = @conversation";

    /// <summary>The conversation is locked: nobody else takes these numbers, and they are given back if this rolls back.</summary>
    const string AppendSql = """
        with counted as (
          update execution.conversations
          set last_seq = last_seq + cardinality(@ids), pending = pending + @replies, title = coalesce(title, @title), last_active_at = now()
          where tenant_id = @tenant and id = @conversation
          returning last_seq - cardinality(@ids) as before, title
        ), named as (
          update execution.interactions i set title = c.title from counted c
          where i.tenant_id = @tenant and i.id = @conversation and c.title is not null and i.title <> c.title
        )
        insert into execution.messages (tenant_id, id, conversation_id, seq, role, status, content, files, reply_to, replaces, api_key_id, finished_at)
        select @tenant, g.id, @conversation, c.before + g.place::int, g.role, case g.role when 'user' then 'succeeded' else 'pending' end, g.content, g.files::jsonb, g.reply_to, g.replaces,
          @key, case g.role when 'user' then now() end
        from counted c, unnest(@ids, @roles, @contents, @files, @replyTos, @replaced) with ordinality as g (id, role, content, files, reply_to, replaces, place)
        """;

    /// <summary>What was summed up and does not hold any more is forgotten: the summary begins anew.</summary>
    const string SupersedeSql = """
        with forgotten as (
          update execution.conversations set summary = null, summary_seq = 0, summary_due = 0, summary_tried_at = null
          where tenant_id = @tenant and id = @conversation and greatest(summary_seq, summary_due) >= @first
        )
        update execution.messages set superseded_by = @by, superseded_at = now()
        where tenant_id = @tenant and conversation_id = @conversation and seq between @first and @last and superseded_at is null
        """;

    const string CancelSql = """
        with canceled as (
          update execution.messages
          set status = 'canceled', finished_at = now(), error = jsonb_build_object('code', 'canceled', 'message', 'It was canceled before its turn came.', 'node', null)
          where tenant_id = @tenant and conversation_id = @conversation and status = 'pending'
          returning id
        )
        update execution.conversations set pending = pending - (select count(*) from canceled)::int where tenant_id = @tenant and id = @conversation
        """;

    const string NextSql = """
        select id, reply_to, api_key_id from execution.messages
        where tenant_id = @tenant and conversation_id = @conversation and status = 'pending' order by seq limit 1
        """;

    const string FailSql = """
        with failed as (
          update execution.messages
          set status = 'failed', finished_at = now(), error = jsonb_build_object('code', @code, 'message', @message, 'node', null)
          where tenant_id = @tenant and id = @id and status = 'pending'
          returning id
        )
        update execution.conversations set pending = pending - (select count(*) from failed)::int where tenant_id = @tenant and id = @conversation
        """;

    const string RateSql = """
        update execution.messages
        set satisfaction = case when @rates then @satisfaction else satisfaction end, usefulness = case when @uses then @usefulness else usefulness end,
          feedback = case when @says then @feedback else feedback end
        where tenant_id = @tenant and id = @id and conversation_id = @conversation
        """;

    public async Task<MessageView?> Find(Guid conversation, Guid id, CancellationToken ct) =>
        (await db.One<MessageRow>(MessageSql.One, new { tenant = call.Tenant, conversation, id }, ct))?.ToView();

    public async Task<IReadOnlyList<MessageFile>> FilesOf(Guid conversation, Guid id, CancellationToken ct) =>
        StoredFiles.Read(await db.One<string>(FilesSql, new { tenant = call.Tenant, conversation, id }, ct));

    public Task Append(OpenConversation conversation, IReadOnlyList<NewMessage> messages, string? title, CancellationToken ct) => db.Execute(AppendSql, new
    {
        tenant = call.Tenant,
        conversation = conversation.Id,
        title,
        key = call.ApiKeyId,
        replies = messages.Count(message => message.Role == "assistant"),
        ids = messages.Select(message => message.Id).ToArray(),
        roles = messages.Select(message => message.Role).ToArray(),
        contents = messages.Select(message => message.Content).ToArray(),
        files = messages.Select(message => StoredFiles.Write(message.Files)).ToArray(),
        replyTos = messages.Select(message => message.ReplyTo).ToArray(),
        replaced = messages.Select(message => message.Replaces).ToArray(),
    }, ct);

    public Task Supersede(OpenConversation conversation, int fromSeq, Guid by, CancellationToken ct) =>
        db.Execute(SupersedeSql, new { tenant = call.Tenant, conversation = conversation.Id, first = fromSeq, last = conversation.LastSeq, by }, ct);

    public Task CancelWaiting(OpenConversation conversation, CancellationToken ct) =>
        db.Execute(CancelSql, new { tenant = call.Tenant, conversation = conversation.Id }, ct);

    public Task<WaitingReply?> NextWaiting(Guid conversation, CancellationToken ct) =>
        db.One<WaitingReply>(NextSql, new { tenant = call.Tenant, conversation }, ct);

    public Task Fail(OpenConversation conversation, Guid reply, Error error, CancellationToken ct) =>
        db.Execute(FailSql, new { tenant = call.Tenant, conversation = conversation.Id, id = reply, code = error.Code, message = error.Message }, ct);

    public Task Rate(Guid conversation, Guid id, Rating rating, CancellationToken ct) => db.Execute(RateSql, new
    {
        tenant = call.Tenant,
        conversation,
        id,
        rates = rating.Satisfaction.IsSet,
        satisfaction = (short?)rating.Satisfaction.Value,
        uses = rating.Usefulness.IsSet,
        usefulness = (short?)rating.Usefulness.Value,
        says = rating.Feedback.IsSet,
        feedback = rating.Feedback.Value,
    }, ct);
}
