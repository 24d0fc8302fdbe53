using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<GetAgentTool, Result<AgentTool>>
{
    const string Sql =
        """
        select a.id as agent_id, v.id as version_id, a.slug, a.name, a.description, v.input_schema
        from agents.agents a
        join agents.agent_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.id
          and case
            when @latest then v.id = a.latest_version_id
            when @number::text is not null then v.semantic_version = @number
            else v.id = @version
          end
        where a.tenant_id = @tenant and a.deleted_at is null and (a.id = @id or a.slug = @slug)
        """;

    public async Task<Result<AgentTool>> Handle(GetAgentTool request, CancellationToken cancellationToken)
    {
        var (agent, version) = (IdOrSlug.Parse(request.Agent), VersionName.Parse(request.Version));
        var args = new { tenant = call.Tenant, id = agent.Id, slug = agent.Slug, latest = version.IsLatest, number = version.Number, version = version.Id };
        return agent.CanExist && await db.One<AgentTool>(Sql, args, cancellationToken) is { } tool ? tool : AgentErrors.AgentNotFound;
    }
}
