using System.Text.Json;
using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Domain.Integrations.Mcp;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>What every reader of servers and tools selects, in the order of the row's constructor.</summary>
static class McpServerSql
{
    public const string SelectServer =
        """
        select s.id, s.slug, s.name, s.description, s.category, s.transport, s.catalogue, s.url, s.status,
          s.tenant_id = '00000000-0000-0000-0000-000000000000' as is_platform, s.documentation_url, s.metadata,
          coalesce(c.enabled, true) as enabled, c.credential, coalesce(c.header_names, '{}') as headers, coalesce(c.value_names, '{}') as values,
          coalesce(c.limits, '{}') as limits, c.allowed_users::text[] as allowed_users,
          coalesce(t.seen, 0)::int as tools, coalesce(t.waiting, 0)::int as tools_to_accept, s.created_at, greatest(s.updated_at, c.updated_at) as updated_at
        from integrations.mcp_servers s
        left join integrations.mcp_server_configs c on c.tenant_id = @tenant and c.mcp_server_id = s.id
        left join lateral (
          select count(*) filter (where o.seen is not null) as seen, count(*) filter (where o.seen_hash is distinct from o.accepted_hash and o.seen is not null) as waiting
          from integrations.mcp_tools o where o.tenant_id = @tenant and o.mcp_server_id = s.id) t on true
        where s.tenant_id in (@tenant, '00000000-0000-0000-0000-000000000000')

        """;

    public const string SelectTool =
        """
        select t.id, t.name, t.seen, t.seen_hash, t.accepted, t.accepted_hash, t.accepted_by, t.accepted_at, t.seen_at
        from integrations.mcp_tools t
        where t.tenant_id = @tenant and t.mcp_server_id = @server

        """;
}

sealed record McpServerRow(
    Guid Id, string Slug, string Name, string? Description, string? Category, string Transport, string? Catalogue, string? Url, string Status, bool IsPlatform,
    string? DocumentationUrl, JsonElement Metadata, bool Enabled, string? Credential, string[] Headers, string[] Values, JsonElement Limits, string[]? AllowedUsers,
    int Tools, int ToolsToAccept, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public McpServerView ToView() => new(
        Id, Slug, Name, Description, Category, Transport, Catalogue, Url, Status, IsPlatform, DocumentationUrl, Metadata,
        new McpConfigView(Enabled, Credential, Headers, Values, Limits, AllowedUsers is null ? null : Array.ConvertAll(AllowedUsers, Guid.Parse)),
        Tools, ToolsToAccept, CreatedAt, UpdatedAt);
}

sealed record McpToolRow(
    Guid Id, string Name, JsonElement? Seen, string? SeenHash, JsonElement? Accepted, string? AcceptedHash, Guid? AcceptedBy, DateTimeOffset? AcceptedAt, DateTimeOffset SeenAt)
{
    public McpToolView ToView()
    {
        var shown = (Seen ?? Accepted)!.Value;
        var tool = McpToolDefinition.Stored(shown, SeenHash ?? AcceptedHash!);
        return new McpToolView(
            Id, Name, McpToolStatus.Of(SeenHash, AcceptedHash), SeenHash, tool.Title, tool.Description, HiddenText.Reveal(tool.Description), tool.InputSchema, tool.OutputSchema,
            shown.TryGetProperty("annotations", out var annotations) ? annotations : null, SeenHash == AcceptedHash ? null : Accepted, AcceptedHash, AcceptedBy, AcceptedAt, SeenAt);
    }
}
