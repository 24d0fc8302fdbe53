namespace AgentPlatform.Infrastructure.Integrations;

static class CredentialSql
{
    public const string Columns = """
        c.id, c.name, c.vendor, i.slug as integration, c.scope, c.user_id, c.agent_id, c.auth_type, c.header, c.prefix, c.allowed_hosts, c.scopes, c.preview,
        case when c.status = 'active' and c.expires_at <= now() then 'expired' else c.status end as status,
        c.version, c.expires_at, c.token_expires_at, c.last_used_at, c.created_by, c.created_at, c.updated_at
        """;

    /// <summary>Other people's own credentials are none of the caller's business, not even that they exist.</summary>
    public const string FromVisible = """
        from integrations.credentials c
        left join integrations.integrations i on i.tenant_id in (c.tenant_id, '00000000-0000-0000-0000-000000000000') and i.id = c.integration_id
        where c.tenant_id = @tenant and (c.scope <> 'user' or c.user_id = @caller)
        """;

    public const string Tell = "select pg_notify('data_changed', 'credentials:' || @tenant::text || ':' || @id::text)";
}
