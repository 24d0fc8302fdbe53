using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Agents.Definitions;

namespace AgentPlatform.Infrastructure.Agents;

sealed partial class AgentStore
{
    const string Settings = "priority, enabled, approval, timeout_ms, max_calls, credential, assignee, team";

    public Task CopySkills(Guid fromAgent, Guid toAgent, CancellationToken ct)
    {
        const string sql =
            $"""
            insert into agents.agent_skills (tenant_id, agent_id, skill_id, {Settings}, added_at)
            select tenant_id, @toAgent, skill_id, {Settings}, @now from agents.agent_skills where tenant_id = @tenant and agent_id = @fromAgent
            """;
        return db.Execute(sql, new { tenant = call.Tenant, fromAgent, toAgent, now = time.GetUtcNow() }, ct);
    }

    public async Task<(AgentSkillBinding? Before, AgentSkillBinding After)> BindSkill(Guid agentId, Guid skillId, ToolSettings settings, CancellationToken ct)
    {
        const string read =
            $"select {Settings}, added_at from agents.agent_skills where tenant_id = @tenant and agent_id = @agentId and skill_id = @skillId";
        const string write =
            $"""
            insert into agents.agent_skills (tenant_id, agent_id, skill_id, {Settings}, added_at)
            values (@tenant, @agentId, @skillId, @Priority, @Enabled, @Approval, @TimeoutMs, @MaxCalls, @Credential, @Assignee, @Team, @now)
            on conflict (tenant_id, agent_id, skill_id) do update set priority = excluded.priority, enabled = excluded.enabled, approval = excluded.approval,
              timeout_ms = excluded.timeout_ms, max_calls = excluded.max_calls, credential = excluded.credential,
              assignee = excluded.assignee, team = excluded.team
            returning {Settings}, added_at
            """;
        var args = new
        {
            tenant = call.Tenant,
            agentId,
            skillId,
            settings.Priority,
            settings.Enabled,
            settings.Approval,
            settings.TimeoutMs,
            settings.MaxCalls,
            settings.Credential,
            settings.Assignee,
            settings.Team,
            now = time.GetUtcNow(),
        };
        var before = await db.One<BindingRow>(read, args, ct);
        var after = (await db.One<BindingRow>(write, args, ct))!;
        await TellOfTools(agentId, ct);
        return (before?.ToBinding(), after.ToBinding());
    }

    public async Task<bool> ReplaceSkills(Guid agentId, IReadOnlyList<BoundSkill> bindings, CancellationToken ct)
    {
        const string remove = "delete from agents.agent_skills where tenant_id = @tenant and agent_id = @agentId and skill_id <> all(@skills)";
        const string write =
            $"""
            insert into agents.agent_skills as b (tenant_id, agent_id, skill_id, {Settings}, added_at)
            select @tenant, @agentId, n.skill_id, n.priority, n.enabled, n.approval, n.timeout_ms, n.max_calls, n.credential, n.assignee, n.team, @now
            from unnest(@skills, @priorities, @enabled, @approvals, @timeouts, @calls, @credentials, @assignees, @teams)
              as n (skill_id, priority, enabled, approval, timeout_ms, max_calls, credential, assignee, team)
            on conflict (tenant_id, agent_id, skill_id) do update set priority = excluded.priority, enabled = excluded.enabled, approval = excluded.approval,
              timeout_ms = excluded.timeout_ms, max_calls = excluded.max_calls, credential = excluded.credential,
              assignee = excluded.assignee, team = excluded.team
            where (b.priority, b.enabled, b.approval, b.timeout_ms, b.max_calls, b.credential, b.assignee, b.team) is distinct from (
              excluded.priority, excluded.enabled, excluded.approval, excluded.timeout_ms, excluded.max_calls, excluded.credential, excluded.assignee, excluded.team)
            """;
        var args = new
        {
            tenant = call.Tenant,
            agentId,
            now = time.GetUtcNow(),
            skills = bindings.Select(b => b.SkillId).ToArray(),
            priorities = bindings.Select(b => b.Settings.Priority).ToArray(),
            enabled = bindings.Select(b => b.Settings.Enabled).ToArray(),
            approvals = bindings.Select(b => b.Settings.Approval).ToArray(),
            timeouts = bindings.Select(b => b.Settings.TimeoutMs).ToArray(),
            calls = bindings.Select(b => b.Settings.MaxCalls).ToArray(),
            credentials = bindings.Select(b => b.Settings.Credential).ToArray(),
            assignees = bindings.Select(b => b.Settings.Assignee).ToArray(),
            teams = bindings.Select(b => b.Settings.Team).ToArray(),
        };
        var isChanged = await db.Execute(remove, args, ct) + await db.Execute(write, args, ct) > 0;
        if (isChanged)
        {
            await TellOfTools(agentId, ct);
        }

        return isChanged;
    }

    public async Task<IReadOnlyList<SkillBinding>> Skills(Guid agentId, CancellationToken ct)
    {
        const string sql =
            """
            select s.slug, b.priority, b.enabled, b.approval, b.timeout_ms, b.max_calls, b.credential, b.assignee, b.team from agents.agent_skills b
            join agents.skills s on s.id = b.skill_id and s.tenant_id in (b.tenant_id, '00000000-0000-0000-0000-000000000000') and s.deleted_at is null
            where b.tenant_id = @tenant and b.agent_id = @agentId
            order by b.priority, s.slug
            """;
        var rows = await db.Query<NamedRow>(sql, new { tenant = call.Tenant, agentId }, ct);
        return [.. rows.Select(row => new SkillBinding(row.Slug, new ToolSettings(row.Priority, row.Enabled, row.Approval, row.TimeoutMs, row.MaxCalls, row.Credential, row.Assignee, row.Team)))];
    }

    public async Task<bool> UnbindSkill(Guid agentId, Guid skillId, CancellationToken ct)
    {
        const string sql = "delete from agents.agent_skills where tenant_id = @tenant and agent_id = @agentId and skill_id = @skillId";
        var isChanged = await db.Execute(sql, new { tenant = call.Tenant, agentId, skillId }, ct) > 0;
        if (isChanged)
        {
            await TellOfTools(agentId, ct);
        }

        return isChanged;
    }

    Task<int> TellOfTools(Guid agentId, CancellationToken ct) => db.Execute(Notify, new { tenant = call.Tenant, id = agentId }, ct);

    sealed record BindingRow(int Priority, bool Enabled, string Approval, int? TimeoutMs, int? MaxCalls, string? Credential, string? Assignee, string? Team, DateTimeOffset AddedAt)
    {
        public AgentSkillBinding ToBinding() => new(new ToolSettings(Priority, Enabled, Approval, TimeoutMs, MaxCalls, Credential, Assignee, Team), AddedAt);
    }

    sealed record NamedRow(string Slug, int Priority, bool Enabled, string Approval, int? TimeoutMs, int? MaxCalls, string? Credential, string? Assignee, string? Team);
}
