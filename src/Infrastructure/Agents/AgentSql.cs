namespace AgentPlatform.Infrastructure.Agents;

/// <summary>What every reader of agents and versions selects, in the order of the view's constructor.</summary>
static class AgentSql
{
    public const string SelectAgent =
        """
        select a.id, a.slug, a.name, a.description, a.kind, a.category, a.icon, a.status, a.latest_version_id, v.semantic_version as latest_version,
          a.tags, a.capabilities,
          array(
            select f.feature_id from agents.agent_features f
            where f.tenant_id = a.tenant_id and f.agent_id = a.id
            order by f.is_primary desc, f.feature_id) as features,
          a.is_public, a.memory_enabled, a.limits, a.metadata, a.usage_count, a.last_used_at, a.activity_score,
          exists (
            select from agents.agent_favorites w
            where w.tenant_id = a.tenant_id and w.user_id = @user and w.agent_id = a.id) as is_favorite,
          a.created_by, a.updated_by, a.created_at, a.updated_at
        from agents.agents a
        left join agents.agent_versions v on v.tenant_id = a.tenant_id and v.id = a.latest_version_id
        where a.tenant_id = @tenant and a.deleted_at is null

        """;

    public const string OneAgent = " and (a.id = @id or a.slug = @slug) and (@kind::text is null or a.kind = @kind)";

    public const string SelectVersion =
        """
        select v.id, v.agent_id, v.semantic_version, v.graph, v.default_params, v.model, v.system_prompt, v.input_schema, v.output_schema,
          v.changelog, v.content_hash,
          coalesce((
            select jsonb_agg(
              jsonb_build_object('reference', p.reference, 'skill', p.skill, 'version', s.semantic_version, 'skill_version_id', p.skill_version_id)
              order by p.reference)
            from agents.agent_version_skills p
            join agents.skill_versions s on s.id = p.skill_version_id and s.tenant_id in (v.tenant_id, '00000000-0000-0000-0000-000000000000')
            where p.tenant_id = v.tenant_id and p.agent_version_id = v.id), '[]') as skills,
          v.created_by, v.created_at
        from agents.agent_versions v
        where v.tenant_id = @tenant and v.agent_id = @agent

        """;

    public const string OneVersion =
        """
         and v.id = case
            when @latest then (select a.latest_version_id from agents.agents a where a.tenant_id = @tenant and a.id = @agent)
            when @number::text is not null then (
              select n.id from agents.agent_versions n where n.tenant_id = @tenant and n.agent_id = @agent and n.semantic_version = @number)
            else @id
          end
        """;
}
