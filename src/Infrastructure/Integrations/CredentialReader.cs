using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Integrations;

/// <summary>Reads stored credentials under the tenant's row-level security and opens them.</summary>
sealed class CredentialReader(Db db, Envelope envelope, ILogger<CredentialReader> log)
{
    public const string Columns = """
        c.id, c.name, c.auth_type, c.header, c.prefix, c.allowed_hosts, c.secret, c.data_key, c.key_id, c.version, c.status, c.expires_at, coalesce(c.expires_at <= now(), false) as is_expired,
        c.token_expires_at, c.vendor, i.spec
        """;

    // A run's most private credential wins: the agent's, then its person's, then everybody's. Told to be used at most once a minute, and never by waiting for whoever changes it.
    const string FindSql = $"""
        with found as (
          select {Columns}
          from integrations.credentials c
          left join integrations.integrations i on i.tenant_id in (c.tenant_id, '00000000-0000-0000-0000-000000000000') and i.id = c.integration_id
          where c.tenant_id = @tenant
            and (@name::text is null or c.name = @name)
            and (@vendor::text is null or c.vendor = @vendor or (@name is not null and c.vendor is null and c.integration_id is null))
            and (@integration::text is null or i.slug = @integration or (@name is not null and c.vendor is null and c.integration_id is null))
            and (c.scope = 'tenant' or (c.scope = 'user' and c.user_id = @user) or (c.scope = 'agent' and c.agent_id = @agent))
          order by case c.scope when 'agent' then 0 when 'user' then 1 else 2 end, coalesce(c.expires_at <= now(), false), c.status <> 'active', c.id desc
          limit 1
        ), unused as (
          select c.id from integrations.credentials c join found f on f.id = c.id
          where c.tenant_id = @tenant and coalesce(c.last_used_at < now() - interval '1 minute', true)
          for update of c skip locked
        ), used as (
          update integrations.credentials c set last_used_at = now() from unused u where c.tenant_id = @tenant and c.id = u.id
        )
        select * from found
        """;

    const string GetSql = $"select {Columns} {CredentialSql.FromVisible} and c.id = @id";

    public Task<CredentialRow?> Find(CredentialQuery query, CancellationToken ct) => db.One<CredentialRow>(
        FindSql, new { tenant = query.TenantId, name = query.Name, vendor = query.Vendor, integration = query.Integration, agent = query.AgentId, user = query.UserId }, ct);

    public Task<CredentialRow?> Get(Guid tenantId, Guid? caller, Guid id, CancellationToken ct) => db.One<CredentialRow>(GetSql, new { tenant = tenantId, caller, id }, ct);

    /// <summary>The parts of the secret; or why they cannot be had.</summary>
    public async Task<(IReadOnlyDictionary<string, string>? Fields, SkillError? Error)> Open(Guid tenantId, CredentialRow row, CancellationToken ct)
    {
        try
        {
            var plain = await envelope.Open(new SealedSecret(row.Secret, row.DataKey, row.KeyId), tenantId, row.Id, row.Version, ct);
            if (plain is not null)
            {
                return (JsonSerializer.Deserialize<Dictionary<string, string>>(plain)!, null);
            }
        }
        catch (KeyServiceException e)
        {
            log.LogWarning("Credential {Credential} cannot be opened now: {Reason}", row.Id, e.Message);
            return (null, CredentialFaults.KeysUnavailable);
        }

        log.LogError("Credential {Credential} of tenant {Tenant} does not open: it was changed in the database, or its key {Key} is not known here", row.Id, tenantId, row.KeyId);
        return (null, CredentialFaults.DoesNotOpen);
    }
}

sealed record CredentialRow(
    Guid Id, string Name, string AuthType, string? Header, string? Prefix, string[] AllowedHosts, byte[] Secret, byte[] DataKey, string KeyId, int Version, string Status,
    DateTimeOffset? ExpiresAt, bool IsExpired, DateTimeOffset? TokenExpiresAt, string? Vendor, JsonElement? Spec)
{
    /// <summary>Whether its access token ends before that.</summary>
    public bool NeedsRefresh(DateTimeOffset by) => AuthType == "oauth2" && TokenExpiresAt <= by;

    public Secret ToSecret(IReadOnlyDictionary<string, string> fields)
    {
        var spec = IntegrationSpec.Read(Spec);
        var header = Header is null && Prefix is null ? spec.Header : new CredentialHeader(Header, Prefix);
        return new Secret(Id, Name, AuthType, fields, AllowedHosts is { Length: > 0 } ? AllowedHosts : spec.Hosts)
        {
            Headers = spec.PathPrefix is null ? header.Of(AuthType, fields) : [],
            PathPrefix = spec.PrefixOf(fields),
        };
    }
}
