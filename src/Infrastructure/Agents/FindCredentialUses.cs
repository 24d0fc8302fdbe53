using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Agents;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<FindCredentialUses, Result<IReadOnlyList<CredentialUser>>>
{
    // strpos spares the parsing of graphs that cannot hold the name.
    const string Sql =
        """
        select a.id as agent_id, a.slug, a.name, v.semantic_version as version, coalesce(n.nodes, '{}') as nodes, coalesce(t.tools, '{}') as tools
        from agents.agents a
        join agents.agent_versions v on v.tenant_id = a.tenant_id and v.id = a.latest_version_id
        cross join lateral (
          select array_agg(distinct node ->> 'id') as nodes
          from jsonb_path_query(
            case when strpos(v.graph::text, '"credential"') > 0 then v.graph::jsonb end,
            '$.**.nodes[*] ? (@.credential == $name || @.with.tools[*].credential == $name)', jsonb_build_object('name', @name::text)) node
          where node ->> 'id' is not null
        ) n
        cross join lateral (
          select array_agg(s.slug order by s.slug) as tools
          from agents.agent_skills b
          join agents.skills s on s.id = b.skill_id and s.tenant_id in (b.tenant_id, '00000000-0000-0000-0000-000000000000')
          where b.tenant_id = a.tenant_id and b.agent_id = a.id and b.credential = @name
        ) t
        where a.tenant_id = @tenant and a.deleted_at is null and (n.nodes is not null or t.tools is not null)
        order by a.slug
        limit 1000
        """;

    public async Task<Result<IReadOnlyList<CredentialUser>>> Handle(FindCredentialUses request, CancellationToken cancellationToken) =>
        Result<IReadOnlyList<CredentialUser>>.Ok(await db.Query<CredentialUser>(Sql, new { tenant = call.Tenant, request.Name }, cancellationToken));
}
