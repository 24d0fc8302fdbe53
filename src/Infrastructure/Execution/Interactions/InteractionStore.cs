using System.Text.Json;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Execution.Interactions;
using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Execution.Interactions;

static class InteractionSql
{
    public const string Columns = """
        i.id, i.agent_id, i.user_id, i.type_id as type, i.conversation_id, i.run_id, i.title, i.description, i.external_link, i.external_id, i.external_metadata, i.content_preview,
          i.full_content, i.input_tokens, i.output_tokens, i.cost_micros, i.tags, i.keywords, i.satisfaction::int, i.usefulness::int, i.feedback, i.status, i.started_at, i.ended_at,
          i.duration_ms, i.created_at, i.updated_at
        """;
}

sealed class InteractionStore(Db db, CallContext call) : IInteractions
{
    /// <summary>A run that nobody said anything about, for whoever asked for it or, where nobody did, for whoever looks.</summary>
    const string FindRunSql = """
        select r.id, r.agent_id, coalesce(r.created_by, @user) as user_id, 'run' as type, r.conversation_id, r.id as run_id, 'A run' as title, null as description, null as external_link,
          null as external_id, '{}'::jsonb as external_metadata, null as content_preview, null as full_content,
          (select coalesce(sum((u ->> 'tokens_prompt')::bigint), 0)::bigint from jsonb_array_elements(r.usage) u) as input_tokens,
          (select coalesce(sum((u ->> 'tokens_completion')::bigint), 0)::bigint from jsonb_array_elements(r.usage) u) as output_tokens,
          greatest(r.cost_micros, 0) as cost_micros, '{}'::text[] as tags, '{}'::text[] as keywords, null::int as satisfaction, null::int as usefulness, null as feedback,
          case when r.finished_at is null then 'active' else 'completed' end as status, r.queued_at as started_at, r.finished_at as ended_at,
          (extract(epoch from r.finished_at - r.queued_at) * 1000)::bigint as duration_ms, r.queued_at as created_at, r.queued_at as updated_at
        from execution.runs r
        where r.tenant_id = @tenant and r.id = @id and (r.created_by is null or r.created_by = @user or @all)
        """;

    const string AddSql = """
        insert into execution.interactions (tenant_id, id, agent_id, user_id, type_id, run_id, title, description, external_link, external_id, external_metadata, content_preview,
          full_content, input_tokens, output_tokens, cost_micros, tags, keywords, satisfaction, usefulness, feedback, status, started_at, ended_at, duration_ms)
        values (@tenant, @id, @agent, @user, @type, @run, @title, @description, @link, @externalId, @metadata::jsonb, @preview,
          @full, @input, @output, @cost, @tags, @keywords, @satisfaction, @usefulness, @feedback, @status, coalesce(@started, now()), @ended,
          (extract(epoch from @ended::timestamptz - @started::timestamptz) * 1000)::bigint)
        on conflict do nothing
        """;

    const string UpdateSql = $"""
        update execution.interactions i
        set title = @title, description = @description, tags = @tags, keywords = @keywords, satisfaction = @satisfaction, usefulness = @usefulness, feedback = @feedback,
          status = @status, updated_at = now()
        where i.tenant_id = @tenant and i.id = @id
        returning {InteractionSql.Columns}
        """;

    const string TypeSql = "select exists (select from execution.interaction_types where id = @type and is_active)";

    const string StoredSql = $"select {InteractionSql.Columns} from execution.interactions i where i.tenant_id = @tenant and i.id = @id";

    static readonly JsonElement Nothing = JsonElement.Parse("{}");

    public async Task<InteractionView?> Find(Guid id, CancellationToken ct)
    {
        var args = new { tenant = call.Tenant, id, user = call.UserId, all = call.SeesAllTalks() };
        return await db.One<InteractionView>(StoredSql, args, ct) switch
        {
            { } stored => call.MaySee(stored.UserId) ? stored : null,
            null => await db.One<InteractionView>(FindRunSql, args, ct),
        };
    }

    public Task<bool> HasType(string type, CancellationToken ct) => db.One<bool>(TypeSql, new { type }, ct);

    public async Task<bool> Add(Guid id, NewInteraction given, Guid? agent, CancellationToken ct)
    {
        var run = given.RunId is null ? null : await Find(id, ct);
        return await Insert(new InteractionView(
            id, agent ?? run?.AgentId, call.UserId!.Value, given.Type ?? (run is null ? "other" : "run"), run?.ConversationId, given.RunId, given.Title, given.Description, given.ExternalLink,
            given.ExternalId, given.ExternalMetadata ?? Nothing, given.ContentPreview, given.FullContent, run?.InputTokens ?? given.InputTokens, run?.OutputTokens ?? given.OutputTokens,
            run?.CostMicros ?? given.CostMicros, [.. given.Tags ?? []], [.. given.Keywords ?? []], given.Satisfaction, given.Usefulness, given.Feedback,
            run?.Status ?? (given.EndedAt is null ? "active" : "completed"), run?.StartedAt ?? given.StartedAt ?? default, run is null ? given.EndedAt : run.EndedAt, null, default, default), ct);
    }

    public async Task<InteractionView> Update(InteractionView interaction, InteractionChange change, CancellationToken ct)
    {
        // Of a run that was only looked at until now.
        await Insert(interaction, ct);
        return (await db.One<InteractionView>(UpdateSql, new
        {
            tenant = call.Tenant,
            id = interaction.Id,
            title = change.Title ?? interaction.Title,
            description = change.Description.IsSet ? change.Description.Value : interaction.Description,
            tags = change.Tags?.ToArray() ?? interaction.Tags,
            keywords = change.Keywords?.ToArray() ?? interaction.Keywords,
            satisfaction = (short?)(change.Satisfaction.IsSet ? change.Satisfaction.Value : interaction.Satisfaction),
            usefulness = (short?)(change.Usefulness.IsSet ? change.Usefulness.Value : interaction.Usefulness),
            feedback = change.Feedback.IsSet ? change.Feedback.Value : interaction.Feedback,
            status = change.Status ?? interaction.Status,
        }, ct))!;
    }

    async Task<bool> Insert(InteractionView view, CancellationToken ct) => await db.Execute(AddSql, new
    {
        tenant = call.Tenant,
        id = view.Id,
        agent = view.AgentId,
        user = view.UserId,
        type = view.Type,
        run = view.RunId,
        title = view.Title,
        description = view.Description,
        link = view.ExternalLink,
        externalId = view.ExternalId,
        metadata = view.ExternalMetadata.GetRawText(),
        preview = view.ContentPreview,
        full = view.FullContent,
        input = view.InputTokens,
        output = view.OutputTokens,
        cost = view.CostMicros,
        tags = view.Tags,
        keywords = view.Keywords,
        satisfaction = (short?)view.Satisfaction,
        usefulness = (short?)view.Usefulness,
        feedback = view.Feedback,
        status = view.Status,
        started = view.StartedAt == default ? (DateTime?)null : view.StartedAt.UtcDateTime,
        ended = view.EndedAt?.UtcDateTime,
    }, ct) == 1;
}
