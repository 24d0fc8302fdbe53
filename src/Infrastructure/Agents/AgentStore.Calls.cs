using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Infrastructure.Agents;

sealed partial class AgentStore
{
    public async Task<IReadOnlyList<CalledAgent>> Called(IReadOnlyList<AgentCall> calls, CancellationToken ct)
    {
        // A lock of its own statement: the one after it must see what was stored while this one waited.
        const string turn = "select pg_advisory_xact_lock(hashtextextended('agents.agent_version_calls:' || @tenant::text, 0))::text";
        const string sql =
            """
            select a.id as agent_id, a.slug, v.id as version_id
            from unnest(@ids, @slugs, @latest, @numbers, @versions) with ordinality as c (id, slug, latest, number, version, n)
            left join agents.agents a on a.tenant_id = @tenant and a.deleted_at is null and (a.id = c.id or a.slug = c.slug)
            left join agents.agent_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.id
              and case
                when c.latest then v.id = a.latest_version_id
                when c.number is not null then v.semantic_version = c.number
                else v.id = c.version
              end
            order by c.n
            """;
        if (db.IsActive)
        {
            await db.One<string>(turn, new { tenant = call.Tenant }, ct);
        }

        var agents = calls.Select(c => IdOrSlug.Parse(c.Agent)).ToArray();
        var versions = calls.Select(c => VersionName.Parse(c.Version)).ToArray();
        var args = new
        {
            tenant = call.Tenant,
            ids = agents.Select(a => a.Id).ToArray(),
            slugs = agents.Select(a => a.Slug).ToArray(),
            latest = versions.Select(v => v.IsLatest).ToArray(),
            numbers = versions.Select(v => v.Number).ToArray(),
            versions = versions.Select(v => v.Id).ToArray(),
        };
        return await db.Query<CalledAgent>(sql, args, ct);
    }

    public Task<IReadOnlyList<CalledVersion>> CallsOf(Guid versionId, CancellationToken ct)
    {
        const string sql =
            """
            select called_agent_id as agent_id, called_version_id as version_id from agents.agent_version_calls
            where tenant_id = @tenant and agent_version_id = @versionId
            order by n
            """;
        return db.Query<CalledVersion>(sql, new { tenant = call.Tenant, versionId }, ct);
    }

    public async Task<ILookup<Guid, AgentLink>> CallsBelow(IReadOnlyList<Guid> versions, CancellationToken ct)
    {
        const string sql =
            """
            with recursive reached (version_id) as (
              select unnest(@versions)
              union
              select coalesce(c.called_version_id, a.latest_version_id)
              from reached r
              join agents.agent_version_calls c on c.tenant_id = @tenant and c.agent_version_id = r.version_id
              join agents.agents a on a.tenant_id = c.tenant_id and a.id = c.called_agent_id and a.deleted_at is null
            )
            select r.version_id as from_version, a.id as agent_id, a.slug, coalesce(c.called_version_id, a.latest_version_id) as version_id
            from reached r
            join agents.agent_version_calls c on c.tenant_id = @tenant and c.agent_version_id = r.version_id
            join agents.agents a on a.tenant_id = c.tenant_id and a.id = c.called_agent_id and a.deleted_at is null
            """;
        var links = await db.Query<AgentLink>(sql, new { tenant = call.Tenant, versions = versions.ToArray() }, ct);
        return links.ToLookup(l => l.FromVersion);
    }
}
