using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<GetAgentReference, Result<AgentReference>>
{
    const string Sql =
        """
        select a.id as agent_id, a.slug, v.id as version_id
        from agents.agents a
        left join agents.agent_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.id
          and case
            when @latest then v.id = a.latest_version_id
            when @number::text is not null then v.semantic_version = @number
            else v.id = @version
          end
        where a.tenant_id = @tenant and a.deleted_at is null and (a.id = @id or a.slug = @slug)
        """;

    public async Task<Result<AgentReference>> Handle(GetAgentReference request, CancellationToken cancellationToken)
    {
        var (agent, version) = (IdOrSlug.Parse(request.AgentIdOrSlug), VersionName.Parse(request.Version));
        if (!agent.CanExist)
        {
            return AgentErrors.AgentNotFound;
        }

        var args = new { tenant = call.Tenant, id = agent.Id, slug = agent.Slug, latest = version.IsLatest, number = version.Number, version = version.Id };
        return await db.One<AgentReference>(Sql, args, cancellationToken) switch
        {
            null => AgentErrors.AgentNotFound,
            { VersionId: null } when request.Version is not null => AgentErrors.VersionNotFound,
            { } found => request.Version is null ? found with { VersionId = null } : found,
        };
    }
}
