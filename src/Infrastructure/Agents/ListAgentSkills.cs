using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(IAgents agents, Db db, CallContext call) : IRequestHandler<ListAgentSkills, Result<Page<AgentSkillView>>>
{
    // One page: a model is not offered thousands of tools.
    const string Sql =
        """
        select b.skill_id, s.slug, s.name, s.type, b.priority, b.enabled, b.approval, b.timeout_ms, b.max_calls, b.credential, b.assignee, b.team, b.added_at
        from agents.agent_skills b
        join agents.skills s on s.id = b.skill_id and s.tenant_id in (b.tenant_id, '00000000-0000-0000-0000-000000000000') and s.deleted_at is null
        where b.tenant_id = @tenant and b.agent_id = @agent
        order by b.priority, b.skill_id
        limit 200
        """;

    public async Task<Result<Page<AgentSkillView>>> Handle(ListAgentSkills request, CancellationToken cancellationToken) =>
        await agents.Find(IdOrSlug.Parse(request.Agent), request.Kind, cancellationToken) is { } agent
            ? new Page<AgentSkillView>(await db.Query<AgentSkillView>(Sql, new { tenant = call.Tenant, agent = agent.Id }, cancellationToken), null)
            : AgentErrors.AgentNotFound;
}
