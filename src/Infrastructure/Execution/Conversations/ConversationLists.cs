using System.Globalization;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution.Conversations;

file sealed class List(Db db, CallContext call, IMediator mediator) : IRequestHandler<ListConversations, Result<Page<ConversationView>>>
{
    const string Where = """
        where c.tenant_id = @tenant and (@user::uuid is null or c.user_id = @user) and (@agent::uuid is null or c.agent_id = @agent)
          and (@status::text is null or c.status = @status) and (c.last_active_at, c.id) < (@at, @before)
        """;

    const string Order = "order by c.last_active_at desc, c.id desc limit @limit";

    const string Sql = $"select {ConversationSql.Columns} from execution.conversations c {Where} {Order}";

    /// <summary>
    /// Read through the index of each conversation: under row-level security no text index can be used (its operators are not leakproof), and what is read is no
    /// more than the user's own.
    /// </summary>
    const string SearchSql = $"""
        select {ConversationSql.FoundColumns} from execution.conversations c
        left join lateral (
          select substr(m.content, greatest(1, position(lower(@first) in lower(m.content)) - 60), 200) as content
          from execution.messages m
          where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.superseded_at is null and m.content ilike all (@words)
          order by m.seq desc limit 1
        ) f on true
        {Where} and (f.content is not null or c.title ilike all (@words))
        {Order}
        """;

    public async Task<Result<Page<ConversationView>>> Handle(ListConversations request, CancellationToken cancellationToken)
    {
        var user = call.WhoseTalks(request.User);
        if (!user.IsOk)
        {
            return user.Error;
        }

        var after = Cursor.Decode(call.Tenant, "conversations", request.Page.Cursor, 2);
        if (!after.IsOk)
        {
            return after.Error;
        }

        var (at, before) = (DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), Guid.AllBitsSet);
        if (after.Value is { } last && !(DateTime.TryParse(last[0], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out at) && Guid.TryParse(last[1], out before)))
        {
            return Cursor.Invalid;
        }

        var agent = await mediator.AgentId(request.Agent, cancellationToken);
        if (!agent.IsOk)
        {
            return agent.Error;
        }

        var rows = await Read(request, new ListArgs(call.Tenant, user.Value, agent.Value, request.Status, at, before, request.Page.Size + 1, request.Words), cancellationToken);
        return Page<ConversationView>.Of(await rows.Named(mediator, cancellationToken), request.Page.Size,
            row => Cursor.Encode(call.Tenant, "conversations", row.LastMessageAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), row.Id.ToString()));
    }

    Task<IReadOnlyList<ConversationView>> Read(ListConversations request, ListArgs args, CancellationToken ct) => request.Words is { Length: > 0 } words
        ? db.Query<ConversationView>(SearchSql, new { args.Tenant, args.User, args.Agent, args.Status, args.At, args.Before, args.Limit, first = words[0], words = Array.ConvertAll(words, Anywhere) }, ct)
        : db.Query<ConversationView>(Sql, args, ct);

    /// <summary>A pattern that finds the word anywhere, with its wildcards taken as themselves.</summary>
    static string Anywhere(string word) =>
        $"%{word.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";

    sealed record ListArgs(Guid Tenant, Guid? User, Guid? Agent, string? Status, DateTime At, Guid Before, int Limit, string[] Words);
}

file sealed class Messages(Db db, CallContext call, IConversations conversations) : IRequestHandler<ListMessages, Result<Page<MessageView>>>
{
    const string Where = "where m.tenant_id = @tenant and m.conversation_id = @conversation and (@all or m.superseded_at is null)";

    const string NewestSql = $"select {MessageSql.Columns} from execution.messages m {Where} and m.seq < @after order by m.seq desc limit @limit";

    const string OldestSql = $"select {MessageSql.Columns} from execution.messages m {Where} and m.seq > @after order by m.seq limit @limit";

    public async Task<Result<Page<MessageView>>> Handle(ListMessages request, CancellationToken cancellationToken)
    {
        if (await conversations.Peek(request.ConversationId, cancellationToken) is not { } conversation || !call.MaySee(conversation.UserId))
        {
            return ConversationErrors.NotFound;
        }

        var list = $"messages:{request.ConversationId:n}:{(request.IsAscending ? "asc" : "desc")}";
        var cursor = Cursor.Decode(call.Tenant, list, request.Page.Cursor, 1);
        if (!cursor.IsOk)
        {
            return cursor.Error;
        }

        var after = request.IsAscending ? 0 : int.MaxValue;
        if (cursor.Value is { } last && !int.TryParse(last[0], NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            return Cursor.Invalid;
        }

        var args = new { tenant = call.Tenant, conversation = request.ConversationId, all = request.WithSuperseded, after, limit = request.Page.Size + 1 };
        var rows = await db.Query<MessageRow>(request.IsAscending ? OldestSql : NewestSql, args, cancellationToken);
        return Page<MessageView>.Of([.. rows.Select(row => row.ToView())], request.Page.Size,
            row => Cursor.Encode(call.Tenant, list, row.Seq.ToString(CultureInfo.InvariantCulture)));
    }
}
