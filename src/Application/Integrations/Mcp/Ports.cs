using System.Text.Json;
using AgentPlatform.Domain.Integrations.Mcp;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>The tenant's MCP servers and tools. Reads also show the platform's servers.</summary>
interface IMcpServers
{
    Task<McpServerView?> Find(McpName server, CancellationToken ct);

    /// <summary>The server's row for the length of the transaction: the tenant's own, or one of the platform's.</summary>
    Task<McpServerView?> FindForUpdate(McpName server, CancellationToken ct);

    Task<int> Count(CancellationToken ct);

    /// <returns>False when the slug is taken, also by one of the platform's.</returns>
    Task<bool> Add(NewMcpServer server, CancellationToken ct);

    /// <summary>Changes a server of the tenant's own.</summary>
    Task Update(Guid id, McpServerFields fields, CancellationToken ct);

    /// <summary>Removes a server of the tenant's own with its configuration and its tools; the log of calls stays.</summary>
    Task Delete(Guid id, CancellationToken ct);

    Task Configure(Guid serverId, McpConfigBody config, CancellationToken ct);

    /// <summary>The headers and values that are stored, in the clear, for the length of the transaction: nobody else changes them meanwhile.</summary>
    Task<(IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, string> Values)> Secrets(Guid serverId, CancellationToken ct);

    Task<McpToolView?> FindTool(Guid serverId, string tool, CancellationToken ct);

    /// <summary>Agrees to tools as they are now.</summary>
    /// <returns>The names whose hash is another one, or which the server does not have.</returns>
    Task<IReadOnlyList<string>> Accept(Guid serverId, IReadOnlyList<McpToolHash> tools, CancellationToken ct);

    /// <summary>Notes what a server offers now.</summary>
    /// <returns>The names that are new, changed or gone.</returns>
    Task<IReadOnlyList<string>> Note(Guid serverId, IReadOnlyList<McpToolDefinition> tools, CancellationToken ct);
}

sealed record NewMcpServer(
    Guid Id, string Slug, string Name, string? Description, string? Category, string Transport, string? Catalogue, string? Url, string? DocumentationUrl, JsonElement Metadata);

sealed record McpServerFields(string Name, string? Description, string? Category, string? DocumentationUrl, JsonElement Metadata, string Status);

/// <summary>What only the machine or the operator knows of the place where a server is.</summary>
interface IMcpPlaces
{
    IReadOnlyList<McpCatalogueEntry> Catalogue { get; }

    /// <summary>Null when outgoing calls may go there, as far as the address itself tells.</summary>
    FieldError? CheckUrl(string pointer, string url);
}
