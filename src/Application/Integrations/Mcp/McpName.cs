namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>How a path names a server: by id or by slug. What can be neither finds nothing, and never reaches the database.</summary>
readonly record struct McpName(Guid? Id, string? Slug)
{
    public bool CanExist => Id is not null || Slug is not null;

    public static McpName Parse(string? text) =>
        Guid.TryParseExact(text, "D", out var id) ? new McpName(id, null)
        : Domain.Shared.Slug.IsValid(text) ? new McpName(null, text)
        : default;
}
