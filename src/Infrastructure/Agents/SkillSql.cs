namespace AgentPlatform.Infrastructure.Agents;

/// <summary>What every reader of skills selects, in the order of the views' constructors.</summary>
static class SkillSql
{
    public const string SelectSkill =
        """
        select s.id, s.slug, s.name, s.description, s.type, s.category, s.is_active,
          s.tenant_id = '00000000-0000-0000-0000-000000000000' as is_platform,
          (select v.semantic_version from agents.skill_versions v
            where v.tenant_id = s.tenant_id and v.skill_id = s.id and v.is_active order by v.id desc limit 1) as latest_version,
          array(
            select t.slug from agents.skill_tags st
            join agents.tags t on t.tenant_id = st.tenant_id and t.id = st.tag_id
            where st.tenant_id = s.tenant_id and st.skill_id = s.id
            order by t.slug) as tags,
          s.created_by, s.created_at, s.updated_at
        from agents.skills s
        where s.deleted_at is null

        """;

    public const string ByVersion =
        $"""
        select {SkillRow.Columns}, v.language, v.source_code
        from agents.skill_versions v
        join agents.skills s on s.tenant_id = v.tenant_id and s.id = v.skill_id
        where v.tenant_id in (@tenant, '00000000-0000-0000-0000-000000000000') and v.id = any(@versions)
        """;

    public const string SelectVersion =
        """
        select v.id, v.skill_id, v.semantic_version, v.spec, v.input_schema, v.output_schema, v.language, v.source_code, v.is_active, v.is_deprecated, v.deprecation_message,
          v.changelog, v.created_by, v.created_at
        from agents.skill_versions v
        where v.tenant_id in (@tenant, '00000000-0000-0000-0000-000000000000') and v.skill_id = @skill

        """;
}
