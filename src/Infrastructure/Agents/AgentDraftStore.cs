using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Agents;

sealed class AgentDraftStore(Db db, CallContext call, TimeProvider time) : IAgentDrafts
{
    public Task<AgentDraftView?> Find(Guid agentId, CancellationToken ct)
    {
        const string sql =
            """
            select agent_id, base_version_id, content -> 'graph' as graph, content -> 'default_params' as default_params, content -> 'model' as model,
              content ->> 'system_prompt' as system_prompt, content -> 'input_schema' as input_schema, content -> 'output_schema' as output_schema,
              pinned, created_by, updated_by, created_at, updated_at
            from agents.agent_drafts
            where tenant_id = @tenant and agent_id = @agentId
            """;
        return db.One<AgentDraftView>(sql, new { tenant = call.Tenant, agentId }, ct);
    }

    public Task Put(Guid agentId, DraftContent draft, CancellationToken ct)
    {
        // A later save must have a later time even within one clock tick: it is the entity tag.
        const string sql =
            """
            insert into agents.agent_drafts as d (tenant_id, agent_id, base_version_id, content, pinned, created_by, updated_by, created_at, updated_at)
            values (@tenant, @agentId, @BaseVersionId, @content::json, @pinned::json, @user, @user, @now, @now)
            on conflict (tenant_id, agent_id) do update set base_version_id = excluded.base_version_id, content = excluded.content, pinned = excluded.pinned,
              updated_by = excluded.updated_by, updated_at = greatest(excluded.updated_at, d.updated_at + interval '1 microsecond')
            """;
        return db.Execute(
            sql,
            new { tenant = call.Tenant, agentId, draft.BaseVersionId, content = Content(draft), pinned = draft.Pinned?.GetRawText() ?? "{}", user = call.UserId, now = time.GetUtcNow() },
            ct);
    }

    public async Task<bool> Delete(Guid agentId, CancellationToken ct)
    {
        const string sql = "delete from agents.agent_drafts where tenant_id = @tenant and agent_id = @agentId";
        return await db.Execute(sql, new { tenant = call.Tenant, agentId }, ct) > 0;
    }

    static string Content(DraftContent draft)
    {
        var members = new Dictionary<string, object?>
        {
            ["graph"] = draft.Graph,
            ["default_params"] = draft.DefaultParams,
            ["model"] = draft.Model,
            ["system_prompt"] = draft.SystemPrompt,
            ["input_schema"] = draft.InputSchema,
            ["output_schema"] = draft.OutputSchema,
        };
        return JsonSerializer.Serialize(members.Where(member => member.Value is not null).ToDictionary());
    }
}
