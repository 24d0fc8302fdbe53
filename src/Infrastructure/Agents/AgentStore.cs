using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Agents;

/// <summary>Every change that other nodes' caches must hear of (status, latest version, deletion) is told on <c>agents_changed</c> with the commit.</summary>
sealed partial class AgentStore(Db db, CallContext call, TimeProvider time) : IAgents
{
    // A later change must have a later time even within one clock tick: it is the entity tag.
    const string Touch = "updated_at = greatest(@now, updated_at + interval '1 microsecond'), updated_by = @user";

    const string Notify = "select pg_notify('agents_changed', @tenant::text || ':' || @id::text)";

    public Task<AgentView?> Find(IdOrSlug agent, string? kind, CancellationToken ct) => Find(AgentSql.SelectAgent + AgentSql.OneAgent, agent, kind, ct);

    // Not "for update": a version that calls this agent refers to it, and must not wait for whoever changes it.
    public Task<AgentView?> FindForUpdate(IdOrSlug agent, string? kind, CancellationToken ct) =>
        Find(AgentSql.SelectAgent + AgentSql.OneAgent + " for no key update of a", agent, kind, ct);

    public async Task<bool> Add(NewAgent agent, NewVersion? version, CancellationToken ct)
    {
        const string sql =
            """
            insert into agents.agents (tenant_id, id, slug, name, description, kind, category, icon, status, latest_version_id, tags, capabilities,
              is_public, memory_enabled, limits, metadata, created_by, updated_by, created_at, updated_at)
            values (@tenant, @Id, @Slug, @Name, @Description, @Kind, @Category, @Icon, 'active', @latest, @tags, @capabilities,
              @IsPublic, @MemoryEnabled, @Limits, @Metadata, @user, @user, @now, @now)
            on conflict (tenant_id, slug) where deleted_at is null do nothing
            """;
        var fields = agent.Fields;
        var added = await db.Execute(
            sql,
            new
            {
                tenant = call.Tenant,
                user = call.UserId,
                now = time.GetUtcNow(),
                agent.Id,
                agent.Slug,
                agent.Kind,
                latest = version?.Id,
                fields.Name,
                fields.Description,
                fields.Category,
                fields.Icon,
                tags = fields.Tags.ToArray(),
                capabilities = fields.Capabilities.ToArray(),
                fields.IsPublic,
                fields.MemoryEnabled,
                fields.Limits,
                fields.Metadata,
            },
            ct);
        if (added == 0)
        {
            return false;
        }

        await SetFeatures(agent.Id, fields.Features, ct);
        if (version is not null)
        {
            await Insert(version, isDraft: false, ct);
        }

        return true;
    }

    public async Task AddVersion(NewVersion version, CancellationToken ct)
    {
        const string sql = "update agents.agents set latest_version_id = @version, " + Touch + " where tenant_id = @tenant and id = @id;\n" + Notify;
        await Insert(version, isDraft: false, ct);
        await db.Execute(sql, new { tenant = call.Tenant, user = call.UserId, now = time.GetUtcNow(), id = version.AgentId, version = version.Id }, ct);
    }

    public Task AddSnapshot(NewVersion version, CancellationToken ct) => Insert(version, isDraft: true, ct);

    public async Task Update(Guid id, AgentFields fields, CancellationToken ct)
    {
        const string sql =
            "update agents.agents set " + Touch +
            """
            , name = @Name, description = @Description, category = @Category, icon = @Icon, tags = @tags, capabilities = @capabilities,
              is_public = @IsPublic, memory_enabled = @MemoryEnabled, limits = @Limits, metadata = @Metadata
            where tenant_id = @tenant and id = @id;

            """ + Notify;
        await db.Execute(
            sql,
            new
            {
                tenant = call.Tenant,
                user = call.UserId,
                now = time.GetUtcNow(),
                id,
                fields.Name,
                fields.Description,
                fields.Category,
                fields.Icon,
                tags = fields.Tags.ToArray(),
                capabilities = fields.Capabilities.ToArray(),
                fields.IsPublic,
                fields.MemoryEnabled,
                fields.Limits,
                fields.Metadata,
            },
            ct);
        await SetFeatures(id, fields.Features, ct);
    }

    public Task SetStatus(Guid id, string status, CancellationToken ct)
    {
        const string sql = "update agents.agents set status = @status, " + Touch + " where tenant_id = @tenant and id = @id;\n" + Notify;
        return db.Execute(sql, new { tenant = call.Tenant, user = call.UserId, now = time.GetUtcNow(), id, status }, ct);
    }

    public Task Delete(Guid id, CancellationToken ct)
    {
        const string sql = "update agents.agents set deleted_at = @now, " + Touch + " where tenant_id = @tenant and id = @id;\n" + Notify;
        return db.Execute(sql, new { tenant = call.Tenant, user = call.UserId, now = time.GetUtcNow(), id }, ct);
    }

    public async Task<string> FreeSlug(string slug, CancellationToken ct)
    {
        const string sql =
            """
            select c.slug
            from (select @slug as slug, 1 as n union all select @slug || '-' || n, n from generate_series(2, 999) n) c
            where not exists (select from agents.agents a where a.tenant_id = @tenant and a.slug = c.slug and a.deleted_at is null)
            order by c.n
            limit 1
            """;
        // All thousand taken: the plain one, which then answers that it is taken.
        return await db.One<string>(sql, new { tenant = call.Tenant, slug }, ct) ?? slug;
    }

    public Task<IReadOnlyList<string>> KnownFeatures(IReadOnlyList<string> ids, CancellationToken ct)
    {
        const string sql = "select id from agents.features where id = any(@ids) and is_active";
        return db.Query<string>(sql, new { ids = ids.ToArray() }, ct);
    }

    public async Task<bool> SetFavorite(Guid id, Guid userId, bool isFavorite, CancellationToken ct)
    {
        const string add =
            """
            insert into agents.agent_favorites (tenant_id, user_id, agent_id, created_at) values (@tenant, @userId, @id, @now)
            on conflict do nothing
            """;
        const string remove = "delete from agents.agent_favorites where tenant_id = @tenant and user_id = @userId and agent_id = @id";
        return await db.Execute(isFavorite ? add : remove, new { tenant = call.Tenant, userId, id, now = time.GetUtcNow() }, ct) > 0;
    }

    public Task<AgentVersionView?> FindVersion(Guid agentId, VersionName version, CancellationToken ct) => version.CanExist
        ? db.One<AgentVersionView>(
            AgentSql.SelectVersion + AgentSql.OneVersion,
            new { tenant = call.Tenant, agent = agentId, id = version.Id, number = version.Number, latest = version.IsLatest },
            ct)
        : Task.FromResult<AgentVersionView?>(null);

    public Task<string?> LatestContentHash(Guid agentId, CancellationToken ct)
    {
        const string sql =
            """
            select v.content_hash from agents.agents a
            join agents.agent_versions v on v.tenant_id = a.tenant_id and v.id = a.latest_version_id
            where a.tenant_id = @tenant and a.id = @agentId
            """;
        return db.One<string>(sql, new { tenant = call.Tenant, agentId }, ct);
    }

    Task<AgentView?> Find(string sql, IdOrSlug agent, string? kind, CancellationToken ct) => agent.CanExist
        ? db.One<AgentView>(sql, new { tenant = call.Tenant, user = call.UserId, id = agent.Id, slug = agent.Slug, kind }, ct)
        : Task.FromResult<AgentView?>(null);

    async Task SetFeatures(Guid id, IReadOnlyList<string> features, CancellationToken ct)
    {
        const string sql =
            """
            delete from agents.agent_features where tenant_id = @tenant and agent_id = @id;
            insert into agents.agent_features (tenant_id, agent_id, feature_id, is_primary)
            select @tenant, @id, f.id, f.n = 1 from unnest(@features) with ordinality as f (id, n)
            """;
        await db.Execute(sql, new { tenant = call.Tenant, id, features = features.ToArray() }, ct);
    }

    async Task Insert(NewVersion version, bool isDraft, CancellationToken ct)
    {
        const string sql =
            """
            insert into agents.agent_versions (tenant_id, id, agent_id, semantic_version, graph, default_params, model, system_prompt, input_schema,
              output_schema, changelog, content_hash, created_by, created_at, is_draft)
            values (@tenant, @Id, @AgentId, @SemanticVersion, @Graph, @DefaultParams, @Model::json, @SystemPrompt, @InputSchema::json,
              @OutputSchema::json, @Changelog, @ContentHash, @user, @now, @isDraft);
            insert into agents.agent_version_skills (tenant_id, agent_version_id, reference, skill, skill_version_id)
            select @tenant, @Id, p.reference, p.skill, p.version from unnest(@references, @skills, @versions) as p (reference, skill, version);
            insert into agents.agent_version_calls (tenant_id, agent_version_id, n, called_agent_id, called_version_id)
            select @tenant, @Id, c.n, c.agent, c.version from unnest(@calledAgents, @calledVersions) with ordinality as c (agent, version, n)
            """;
        await db.Execute(
            sql,
            new
            {
                tenant = call.Tenant,
                user = call.UserId,
                now = time.GetUtcNow(),
                isDraft,
                version.Id,
                version.AgentId,
                version.SemanticVersion,
                version.Graph,
                version.DefaultParams,
                version.Model,
                version.SystemPrompt,
                version.InputSchema,
                version.OutputSchema,
                version.Changelog,
                version.ContentHash,
                references = version.Pins.Select(p => p.Reference).ToArray(),
                skills = version.Pins.Select(p => p.Skill).ToArray(),
                versions = version.Pins.Select(p => p.SkillVersionId).ToArray(),
                calledAgents = version.Calls.Select(c => c.AgentId).ToArray(),
                calledVersions = version.Calls.Select(c => c.VersionId).ToArray(),
            },
            ct);
    }
}
