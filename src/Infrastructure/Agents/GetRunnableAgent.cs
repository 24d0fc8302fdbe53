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
        $"""
        select a.id, v.id as version_id, v.semantic_version, a.slug, a.status, a.kind, a.limits, a.memory_enabled, a.latest_version_id is not null as has_version,
          (select json_object_agg(c.key, c.value order by c.key) from agents.agent_configs c where c.tenant_id = a.tenant_id and c.agent_id = a.id and not c.is_encrypted) as config
        from agents.agents a
        left {NamedAgent.Version}
        {NamedAgent.Where}
        """;

    public async Task<Result<RunnableAgent>> Handle(GetRunnableAgent request, CancellationToken cancellationToken)
    {
        if (NamedAgent.Parameters(call, request.AgentIdOrSlug, request.Version) is not { } named)
        {
            return AgentErrors.AgentNotFound;
        }

        return await db.One<Row>(Sql, named, cancellationToken) switch
        {
            null => AgentErrors.AgentNotFound,
            { Status: AgentStatus.Archived } => AgentErrors.Archived,
            { Status: AgentStatus.Inactive } => AgentErrors.Inactive,
            { HasVersion: false, VersionId: null } => AgentErrors.NoVersion,
            { VersionId: null } => AgentErrors.VersionNotFound,
            { VersionId: { } versionId } found => new RunnableAgent(
                found.Id, versionId, found.SemanticVersion!, found.Slug, found.Status, found.Kind, AgentLimits.Read(found.Limits))
            { Config = found.Config, MemoryEnabled = found.MemoryEnabled },
        };
    }

    sealed record Row(
        Guid Id, Guid? VersionId, string? SemanticVersion, string Slug, string Status, string Kind, JsonElement Limits, bool MemoryEnabled, bool HasVersion, JsonElement? Config);
}
