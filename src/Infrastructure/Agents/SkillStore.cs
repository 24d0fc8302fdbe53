using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Agents;

/// <summary>What a bound skill resolves to can change with every change here: the nodes' caches of agents' tools are told on <c>agents_changed</c>.</summary>
sealed class SkillStore(Db db, CallContext call, TimeProvider time) : ISkills
{
    const string Notify = "select pg_notify('agents_changed', @tenant::text || ':')";

    public Task<SkillView?> Find(IdOrSlug skill, CancellationToken ct)
    {
        const string sql =
            SkillSql.SelectSkill +
            """
              and s.tenant_id in (@tenant, '00000000-0000-0000-0000-000000000000') and (s.id = @id or s.slug = @slug)
            order by s.tenant_id = '00000000-0000-0000-0000-000000000000'
            limit 1
            """;
        return One(sql, skill, ct);
    }

    public Task<SkillView?> FindOwnForUpdate(IdOrSlug skill, CancellationToken ct)
    {
        const string sql = SkillSql.SelectSkill + " and s.tenant_id = @tenant and (s.id = @id or s.slug = @slug) for update of s";
        return One(sql, skill, ct);
    }

    public async Task<bool> Add(NewSkill skill, CancellationToken ct)
    {
        const string sql =
            """
            insert into agents.skills (tenant_id, id, slug, name, description, type, category, created_by, updated_by, created_at, updated_at)
            select @tenant, @Id, @Slug, @Name, @Description, @Type, @Category, @user, @user, @now, @now
            where not exists (
              select from agents.skills p where p.tenant_id = '00000000-0000-0000-0000-000000000000' and p.slug = @Slug and p.deleted_at is null)
            on conflict (tenant_id, slug) where deleted_at is null do nothing
            """;
        var args = new { tenant = call.Tenant, user = call.UserId, now = time.GetUtcNow(), skill.Id, skill.Slug, skill.Name, skill.Description, skill.Type, skill.Category };
        return await db.Execute(sql, args, ct) > 0;
    }

    public Task Update(Guid id, SkillFields fields, CancellationToken ct)
    {
        const string sql =
            """
            update agents.skills
            set name = @Name, description = @Description, category = @Category, is_active = @IsActive, updated_by = @user,
              updated_at = greatest(@now, updated_at + interval '1 microsecond')
            where tenant_id = @tenant and id = @id;

            """ + Notify;
        var args = new { tenant = call.Tenant, user = call.UserId, now = time.GetUtcNow(), id, fields.Name, fields.Description, fields.Category, fields.IsActive };
        return db.Execute(sql, args, ct);
    }

    public Task Delete(Guid id, CancellationToken ct)
    {
        const string sql = "update agents.skills set deleted_at = @now, updated_by = @user, updated_at = @now where tenant_id = @tenant and id = @id;\n" + Notify;
        return db.Execute(sql, new { tenant = call.Tenant, user = call.UserId, now = time.GetUtcNow(), id }, ct);
    }

    public Task AddVersion(NewSkillVersion version, CancellationToken ct)
    {
        const string sql =
            """
            insert into agents.skill_versions (tenant_id, id, skill_id, semantic_version, spec, input_schema, output_schema, language, source_code, is_active, changelog,
              created_by, created_at)
            values (@tenant, @Id, @SkillId, @SemanticVersion, @Spec, @InputSchema::jsonb, @OutputSchema::jsonb, @Language, @SourceCode, @IsActive, @Changelog,
              @user, @now);

            """ + Notify;
        var args = new
        {
            tenant = call.Tenant,
            user = call.UserId,
            now = time.GetUtcNow(),
            version.Id,
            version.SkillId,
            version.SemanticVersion,
            version.Spec,
            version.InputSchema,
            version.OutputSchema,
            version.Language,
            version.SourceCode,
            version.IsActive,
            version.Changelog,
        };
        return db.Execute(sql, args, ct);
    }

    public Task<SkillVersionView?> FindVersion(Guid skillId, VersionName version, CancellationToken ct)
    {
        const string sql =
            SkillSql.SelectVersion +
            """
              and (case
                when @latest then v.is_active
                when @number::text is not null then v.semantic_version = @number
                else v.id = @id
              end)
            order by v.id desc
            limit 1
            """;
        return version.CanExist
            ? db.One<SkillVersionView>(sql, new { tenant = call.Tenant, skill = skillId, latest = version.IsLatest, number = version.Number, id = version.Id }, ct)
            : Task.FromResult<SkillVersionView?>(null);
    }

    public Task<string?> HighestVersion(Guid skillId, CancellationToken ct)
    {
        const string sql =
            "select semantic_version from agents.skill_versions where tenant_id = @tenant and skill_id = @skillId order by id desc limit 1";
        return db.One<string>(sql, new { tenant = call.Tenant, skillId }, ct);
    }

    public Task SetStanding(Guid versionId, bool isActive, bool isDeprecated, string? message, CancellationToken ct)
    {
        const string sql =
            """
            update agents.skill_versions set is_active = @isActive, is_deprecated = @isDeprecated, deprecation_message = @message
            where tenant_id = @tenant and id = @versionId;

            """ + Notify;
        return db.Execute(sql, new { tenant = call.Tenant, versionId, isActive, isDeprecated, message }, ct);
    }

    public async Task<IReadOnlyList<string>> SetTags(Guid skillId, IReadOnlyList<string> slugs, CancellationToken ct)
    {
        const string write =
            """
            delete from agents.skill_tags where tenant_id = @tenant and skill_id = @skillId;
            insert into agents.skill_tags (tenant_id, skill_id, tag_id, assigned_at)
            select @tenant, @skillId, t.id, @now from agents.tags t where t.tenant_id = @tenant and t.slug = any(@slugs)
            """;
        const string missing =
            """
            select a.slug from unnest(@slugs) a (slug)
            where not exists (select from agents.tags t where t.tenant_id = @tenant and t.slug = a.slug)
            """;
        await db.Execute(write, new { tenant = call.Tenant, skillId, now = time.GetUtcNow(), slugs = slugs.ToArray() }, ct);
        return slugs.Count == 0 ? [] : await db.Query<string>(missing, new { tenant = call.Tenant, slugs = slugs.ToArray() }, ct);
    }

    public async Task<ISkillCatalog> Catalog(IEnumerable<SkillReference> references, CancellationToken ct)
    {
        const string usable =
            $"""
            select {SkillRow.Columns}, null as language, null as source_code
            from (
              select distinct on (k.slug) k.tenant_id, k.id, k.slug, k.type, k.is_active, k.name, k.description
              from agents.skills k
              where k.tenant_id in (@tenant, '00000000-0000-0000-0000-000000000000') and k.slug = any(@slugs) and k.deleted_at is null
              order by k.slug, k.tenant_id = '00000000-0000-0000-0000-000000000000') s
            left join agents.skill_versions v on v.tenant_id = s.tenant_id and v.skill_id = s.id and s.is_active and (v.is_active or v.is_deprecated)
            """;
        // For "did you mean": only asked when a name is unknown, and more than this nobody means.
        const string slugs =
            """
            select slug from agents.skills
            where tenant_id in (@tenant, '00000000-0000-0000-0000-000000000000') and deleted_at is null and is_active
            order by id desc limit 1000
            """;
        var asked = references.Select(r => r.Slug).Distinct(StringComparer.Ordinal).ToArray();
        var rows = await db.Query<SkillRow>(usable, new { tenant = call.Tenant, slugs = asked }, ct);
        IEnumerable<string> known = rows.Select(r => r.Slug);
        if (asked.Except(known, StringComparer.Ordinal).Any())
        {
            known = known.Concat(await db.Query<string>(slugs, new { tenant = call.Tenant }, ct));
        }

        return new SkillCatalog(rows.Where(r => r.VersionId is not null).Select(r => r.ToResolved()), known);
    }

    public async Task<ISkillCatalog> Pinned(IReadOnlyList<SkillPin> pins, CancellationToken ct)
    {
        var rows = await db.Query<SkillRow>(SkillSql.ByVersion, new { tenant = call.Tenant, versions = pins.Select(p => p.SkillVersionId).Distinct().ToArray() }, ct);
        var byId = rows.ToDictionary(r => r.VersionId!.Value, r => r.ToResolved());
        return new PinnedSkills(pins.ToDictionary(p => p.Reference, p => byId[p.SkillVersionId], StringComparer.Ordinal));
    }

    Task<SkillView?> One(string sql, IdOrSlug skill, CancellationToken ct) => skill.CanExist
        ? db.One<SkillView>(sql, new { tenant = call.Tenant, id = skill.Id, slug = skill.Slug }, ct)
        : Task.FromResult<SkillView?>(null);
}
