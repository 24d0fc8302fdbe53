using System.Security.Cryptography;
using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Integrations.Mcp;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Egress;
using AgentPlatform.Infrastructure.Shared.Secrets;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>Finds a server and, if one is named, a tool of it, in one round trip, and opens what a connection to it needs.</summary>
sealed class McpTargets(SecretBox box, IMcpPlaces places, ICredentials credentials, EgressPolicy policy, ILogger<McpTargets> log)
{
    const string Sql =
        """
        select s.id, s.slug, s.transport, s.catalogue, s.url, s.status, c.id as config_id, coalesce(c.enabled, true) as enabled, c.credential, c.secrets, c.limits,
          c.allowed_users::text[] as allowed_users, c.updated_at, t.name as tool, t.seen_hash, t.accepted_hash
        from integrations.mcp_servers s
        left join integrations.mcp_server_configs c on c.tenant_id = @tenant and c.mcp_server_id = s.id
        left join integrations.mcp_tools t on t.tenant_id = @tenant and t.mcp_server_id = s.id and (t.name = @tool or t.id = @toolId)
        where s.tenant_id in (@tenant, '00000000-0000-0000-0000-000000000000') and (s.id = @id or s.slug = @slug)
        order by s.tenant_id = '00000000-0000-0000-0000-000000000000'
        limit 1
        """;

    public async Task<(McpTarget? Target, McpPinnedTool? Tool, SkillError? Error)> Find(Db db, McpCall call, CancellationToken ct)
    {
        var name = McpName.Parse(call.Server);
        if (!name.CanExist || call.Tool.Contains('\0', StringComparison.Ordinal))
        {
            return (null, null, McpFailures.ServerNotFound);
        }

        var toolId = Guid.TryParseExact(call.Tool, "D", out var given) ? given : (Guid?)null;
        var row = await db.One<Row>(Sql, new { tenant = call.TenantId, id = name.Id, slug = name.Slug, tool = call.Tool, toolId }, ct);
        if (row is null)
        {
            return (null, null, McpFailures.ServerNotFound);
        }

        if (!row.Enabled || row.Status == "disabled")
        {
            return (null, null, McpFailures.Disabled);
        }

        // A run that no person started has nobody whom a list could name.
        if (row.AllowedUsers is { } users && !(call.UserId is { } user && users.Contains(user.ToString(), StringComparer.OrdinalIgnoreCase)))
        {
            return (null, null, McpFailures.NotAllowed);
        }

        var (target, error) = await Open(row, call, ct);
        return (target, row.Tool is null ? null : new McpPinnedTool(row.Tool, row.SeenHash, row.AcceptedHash), error);
    }

    async Task<(McpTarget? Target, SkillError? Error)> Open(Row row, McpCall call, CancellationToken ct)
    {
        var secrets = McpSecrets.None;
        if (row.Secrets is { } box64)
        {
            if (!box.TryOpen(box64, call.TenantId, McpSecrets.Purpose, row.ConfigId!.Value, out var plain))
            {
                log.LogCritical("The secrets of the MCP configuration {ConfigId} of tenant {TenantId} do not open: another key, or somebody changed the row", row.ConfigId, call.TenantId);
                return (null, McpFailures.Unreadable);
            }

            secrets = McpSecrets.Read(plain);
        }

        return row.Transport == "stdio" ? AsProcess(row, call, secrets) : await OverHttp(row, call, secrets, ct);
    }

    (McpTarget? Target, SkillError? Error) AsProcess(Row row, McpCall call, McpSecrets secrets)
    {
        if (places.Catalogue.FirstOrDefault(entry => entry.Name == row.Catalogue) is not { } entry)
        {
            return (null, McpFailures.NotInCatalogue);
        }

        // Also what was stored is checked: the operator may have drawn the pattern closer since.
        if (entry.Check("/values", secrets.Values).FirstOrDefault() is { } fault)
        {
            return (null, McpFailures.InvalidValues($"{fault.Pointer}: {fault.Message}"));
        }

        return (Target(row, call, entry, null, secrets, [], secrets.Hidden(entry), null), null);
    }

    async Task<(McpTarget? Target, SkillError? Error)> OverHttp(Row row, McpCall call, McpSecrets secrets, CancellationToken ct)
    {
        var url = new Uri(row.Url!);
        var headers = new Dictionary<string, string>(secrets.Headers, StringComparer.OrdinalIgnoreCase);
        Secret? secret = null;
        if (row.Credential is { } name)
        {
            var found = await credentials.Find(new CredentialQuery(call.TenantId, name, AgentId: call.AgentId, UserId: call.UserId), ct);
            if (found.Secret is null)
            {
                return (null, found.Error ?? McpFailures.NoCredentials);
            }

            secret = found.Secret;
            if (secret.Refusal(url, policy.IsListed(url.IdnHost)) is { } refusal)
            {
                return (null, refusal);
            }

            foreach (var (header, text) in secret.Headers)
            {
                headers[header] = text;
            }
        }

        return (Target(row, call, null, url, secrets, headers, secrets.Headers.Values, secret), null);
    }

    static McpTarget Target(
        Row row, McpCall call, McpCatalogueEntry? entry, Uri? url, McpSecrets secrets, Dictionary<string, string> headers, IEnumerable<string> hidden, Secret? secret) =>
        new(call.TenantId, row.Id, row.Slug, row.Transport, url, entry, headers, secrets.Values, McpLimits.Read(row.Limits), Stamp(row, headers), Mask(hidden, secret)) { CredentialId = secret?.Id };

    /// <summary>A token that was refreshed makes another connection; the hash keeps it out of what lives longer than the call.</summary>
    static string Stamp(Row row, Dictionary<string, string> headers) =>
        $"{row.UpdatedAt?.UtcTicks}:{Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(headers.OrderBy(header => header.Key, StringComparer.Ordinal).ToArray())))}";

    /// <summary>Also for the step that calls: what it was given may come back later, from elsewhere.</summary>
    static SecretMask Mask(IEnumerable<string> hidden, Secret? secret)
    {
        var mask = new SecretMask();
        foreach (var forms in (SecretForms?[])[SecretForms.Of(hidden), secret?.Forms])
        {
            mask.Add(forms);
            SecretsInUse.Mask?.Add(forms);
        }

        return mask;
    }

    sealed record Row(
        Guid Id, string Slug, string Transport, string? Catalogue, string? Url, string Status, Guid? ConfigId, bool Enabled, string? Credential, byte[]? Secrets, JsonElement? Limits,
        string[]? AllowedUsers, DateTimeOffset? UpdatedAt, string? Tool, string? SeenHash, string? AcceptedHash);
}

/// <summary>A tool as it stands in the registry.</summary>
sealed record McpPinnedTool(string Name, string? SeenHash, string? AcceptedHash)
{
    public string Status => McpToolStatus.Of(SeenHash, AcceptedHash);
}
