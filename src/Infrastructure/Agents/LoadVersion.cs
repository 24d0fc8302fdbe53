using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<LoadVersion, Result<LoadedVersion>>
{
    const string Sql =
        """
        select v.id as version_id, v.agent_id, a.slug, a.name, a.kind, v.semantic_version, v.graph, v.default_params, v.model, v.system_prompt,
          v.input_schema, v.output_schema, v.content_hash, a.limits,
          coalesce((
            select jsonb_agg(jsonb_build_object('reference', p.reference, 'skill', p.skill, 'skill_version_id', p.skill_version_id))
            from agents.agent_version_skills p
            where p.tenant_id = v.tenant_id and p.agent_version_id = v.id), '[]') as skills
        from agents.agent_versions v
        join agents.agents a on a.tenant_id = v.tenant_id and a.id = v.agent_id
        where v.tenant_id = @tenant and v.id = @version
        """;

    public async Task<Result<LoadedVersion>> Handle(LoadVersion request, CancellationToken cancellationToken)
    {
        var row = await db.One<Row>(Sql, new { tenant = call.Tenant, version = request.VersionId }, cancellationToken);
        return row is null ? AgentErrors.VersionNotFound : row.ToLoaded();
    }

    sealed record Row(
        Guid VersionId,
        Guid AgentId,
        string Slug,
        string Name,
        string Kind,
        string SemanticVersion,
        JsonElement Graph,
        JsonElement DefaultParams,
        JsonElement? Model,
        string? SystemPrompt,
        JsonElement? InputSchema,
        JsonElement? OutputSchema,
        string ContentHash,
        JsonElement Limits,
        JsonElement Skills)
    {
        public LoadedVersion ToLoaded() => new(
            VersionId, AgentId, Slug, Name, Kind, SemanticVersion, Graph, DefaultParams, Model, SystemPrompt, InputSchema, OutputSchema, ContentHash,
            AgentLimits.Read(Limits), SkillPins.Read(Skills));
    }
}
