using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call, ISkills skills) : IRequestHandler<ListTools, Result<IReadOnlyList<BoundTool>>>
{
    // More than that no vendor takes.
    const string Sql =
        """
        select b.skill_id, s.slug, b.approval, b.timeout_ms, b.max_calls, b.credential, b.assignee, b.team
        from agents.agent_skills b
        join agents.skills s on s.id = b.skill_id and s.tenant_id in (b.tenant_id, '00000000-0000-0000-0000-000000000000') and s.deleted_at is null and s.is_active
        where b.tenant_id = @tenant and b.agent_id = @agent and b.enabled
        order by b.priority, b.skill_id
        limit 128
        """;

    public async Task<Result<IReadOnlyList<BoundTool>>> Handle(ListTools request, CancellationToken cancellationToken)
    {
        var rows = await db.Query<Row>(Sql, new { tenant = call.Tenant, agent = request.AgentId }, cancellationToken);
        if (rows.Count == 0)
        {
            return Result<IReadOnlyList<BoundTool>>.Ok([]);
        }

        var catalog = await skills.Catalog(rows.Select(row => new SkillReference(row.Slug, null)), cancellationToken);
        var tools = new List<BoundTool>(rows.Count);
        foreach (var row in rows)
        {
            // A skill of the tenant's own hides the platform's of the same name; one without an active version cannot be called.
            if (catalog.Resolve(new SkillReference(row.Slug, null)) is { CanBeTool: true } skill && skill.SkillId == row.SkillId)
            {
                tools.Add(new BoundTool(skill, new ToolSettings(0, true, row.Approval, row.TimeoutMs, row.MaxCalls, row.Credential, row.Assignee, row.Team).ToTerms()));
            }
        }

        return tools;
    }

    sealed record Row(Guid SkillId, string Slug, string Approval, int? TimeoutMs, int? MaxCalls, string? Credential, string? Assignee, string? Team);
}
