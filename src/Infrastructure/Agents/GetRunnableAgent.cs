using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<GetRunnableAgent, Result<RunnableAgent>>
{
    const string Sql =
        """
        select a.id, v.id as version_id, v.semantic_version, a.slug, a.status, a.kind, a.limits, a.latest_version_id is not null as has_version,
          (select json_object_agg(c.key, c.value order by c.key) from agents.agent_configs c where c.tenant_id = a.tenant_id and c.agent_id = a.id and not c.is_encrypted) as config
        from agents.agents a
        left join agents.agent_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.id
          and case
            when @latest then v.id = a.latest_version_id
            when @number::text is not null then v.semantic_version = @number
            else v.id = @version
          end
        where a.tenant_id = @tenant and a.deleted_at is null and (a.id = @id or a.slug = @slug)
        """;

    public async Task<Result<RunnableAgent>> Handle(GetRunnableAgent request, CancellationToken cancellationToken)
    {
        var (agent, version) = (IdOrSlug.Parse(request.AgentIdOrSlug), VersionName.Parse(request.Version));
        if (!agent.CanExist)
        {
            return AgentErrors.AgentNotFound;
        }

        var args = new { tenant = call.Tenant, id = agent.Id, slug = agent.Slug, latest = version.IsLatest, number = version.Number, version = version.Id };
        return await db.One<Row>(Sql, args, cancellationToken) switch
        {
            null => AgentErrors.AgentNotFound,
            { Status: AgentStatus.Archived } => AgentErrors.Archived,
            { Status: AgentStatus.Inactive } => AgentErrors.Inactive,
            { HasVersion: false } => AgentErrors.NoVersion,
            { VersionId: null } => AgentErrors.VersionNotFound,
            { VersionId: { } versionId } found => new RunnableAgent(
                found.Id, versionId, found.SemanticVersion!, found.Slug, found.Status, found.Kind, AgentLimits.Read(found.Limits))
            { Config = found.Config },
        };
    }

    sealed record Row(
        Guid Id, Guid? VersionId, string? SemanticVersion, string Slug, string Status, string Kind, JsonElement Limits, bool HasVersion, JsonElement? Config);
}
