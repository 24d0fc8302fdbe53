using System.Data;
using System.Text.Json;
using AgentPlatform.Application.Integrations.Mcp;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

sealed partial class McpServerStore
{
    public async Task Configure(Guid serverId, McpConfigBody config, CancellationToken ct)
    {
        const string sql =
            """
            insert into integrations.mcp_server_configs as c (tenant_id, id, mcp_server_id, enabled, credential, secrets, header_names, value_names, limits, allowed_users, created_by, created_at, updated_at)
            values (@tenant, @id, @serverId, @Enabled, @Credential, @secrets, @headers, @values, @limits, @users, @user, @now, @now)
            on conflict (tenant_id, mcp_server_id) do update set enabled = excluded.enabled, credential = excluded.credential, secrets = excluded.secrets,
              header_names = excluded.header_names, value_names = excluded.value_names, limits = excluded.limits, allowed_users = excluded.allowed_users,
              updated_at = greatest(excluded.updated_at, c.updated_at + interval '1 microsecond')
            """;
        var known = await FindConfig(serverId, ct);
        var id = known?.Id ?? Guid.CreateVersion7(time.GetUtcNow());
        var before = Open(known);
        var secrets = new McpSecrets(config.Headers ?? before.Headers, config.Values ?? before.Values);
        var args = new
        {
            tenant = call.Tenant,
            id,
            serverId,
            config.Enabled,
            config.Credential,
            secrets = secrets.Headers.Count + secrets.Values.Count == 0 ? null : box.Seal(secrets.Write(), call.Tenant, McpSecrets.Purpose, id),
            headers = secrets.Headers.Keys.Order(StringComparer.Ordinal).ToArray(),
            values = secrets.Values.Keys.Order(StringComparer.Ordinal).ToArray(),
            limits = JsonSerializer.SerializeToElement(config.Limits ?? new McpLimitsBody(), LimitsJson),
            users = config.AllowedUsers,
            user = call.UserId,
            now = time.GetUtcNow(),
        };
        await db.Execute(sql, args, ct);
    }

    public async Task<(IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, string> Values)> Secrets(Guid serverId, CancellationToken ct)
    {
        var known = Open(await FindConfig(serverId, ct));
        return (known.Headers, known.Values);
    }

    Task<ConfigRow?> FindConfig(Guid serverId, CancellationToken ct)
    {
        const string sql = "select id, secrets from integrations.mcp_server_configs where tenant_id = @tenant and mcp_server_id = @serverId for update";
        return db.One<ConfigRow>(sql, new { tenant = call.Tenant, serverId }, ct);
    }

    static readonly JsonSerializerOptions LimitsJson = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    McpSecrets Open(ConfigRow? row) =>
        row?.Secrets is not { } sealedSecrets ? McpSecrets.None
        : box.TryOpen(sealedSecrets, call.Tenant, McpSecrets.Purpose, row.Id, out var plain) ? McpSecrets.Read(plain)
        : throw new DataException($"The secrets of the MCP configuration {row.Id} do not open.");

    sealed record ConfigRow(Guid Id, byte[]? Secrets);
}
