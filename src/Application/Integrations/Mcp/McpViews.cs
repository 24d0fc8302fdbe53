using System.Text.Json;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>An MCP server as the API shows it.</summary>
/// <param name="Transport"><c>http</c> (streamable), <c>sse</c> (its forerunner) or <c>stdio</c> (a process of the operator's catalogue).</param>
/// <param name="Catalogue">The entry of the operator's catalogue, for <c>stdio</c>; the other two have a <paramref name="Url"/>.</param>
/// <param name="IsPlatform">One of the platform's own: the same for everybody, each tenant with a configuration of its own.</param>
/// <param name="Tools">How many it offered when it was last asked.</param>
/// <param name="ToolsToAccept">How many of them are new or changed, and cannot be called until somebody accepts them.</param>
public sealed record McpServerView(
    Guid Id, string Slug, string Name, string? Description, string? Category, string Transport, string? Catalogue, string? Url, string Status, bool IsPlatform,
    string? DocumentationUrl, JsonElement Metadata, McpConfigView Config, int Tools, int ToolsToAccept, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>How the tenant uses a server. Headers and values are kept sealed and never come back: their names say that they are there.</summary>
/// <param name="Credential">Name of a credential, sent as a bearer token (or as Basic) to the hosts that it is for.</param>
/// <param name="Limits"><c>timeout_ms</c>, <c>max_result_bytes</c>.</param>
/// <param name="AllowedUsers">Whose runs and requests may call its tools; null: everybody's.</param>
public sealed record McpConfigView(bool Enabled, string? Credential, string[] Headers, string[] Values, JsonElement Limits, Guid[]? AllowedUsers);

/// <summary>A tool of a server.</summary>
/// <param name="Status"><c>accepted</c>, or in quarantine: <c>new</c>, <c>changed</c>, <c>gone</c>.</param>
/// <param name="Hash">Of the definition as the server says it now; what <c>accept</c> takes.</param>
/// <param name="Revealed">The description with its hidden characters written out, when it has any.</param>
/// <param name="Accepted">The definition that somebody accepted, where it differs from the present one.</param>
public sealed record McpToolView(
    Guid Id, string Name, string Status, string? Hash, string? Title, string? Description, string? Revealed, JsonElement? InputSchema, JsonElement? OutputSchema,
    JsonElement? Annotations, JsonElement? Accepted, string? AcceptedHash, Guid? AcceptedBy, DateTimeOffset? AcceptedAt, DateTimeOffset SeenAt);

/// <summary>A server that a tenant may run as a process, as the operator's catalogue has it: never its command.</summary>
public sealed record McpCatalogueView(string Name, string Title, string? Description, IReadOnlyList<McpValueView> Values, bool HasNetwork);

public sealed record McpValueView(string Name, string? Description, string Pattern, bool IsRequired);
