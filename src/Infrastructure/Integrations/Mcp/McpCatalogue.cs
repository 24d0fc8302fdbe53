using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Integrations.Mcp;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>
/// The operator's file of servers that may run as processes (<c>Mcp__Catalogue</c>), read once at start. Whoever can write this file says what the platform
/// executes; nothing else can.
/// </summary>
static partial class McpCatalogue
{
    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <exception cref="StartException">The file cannot be read, or an entry is wrong; the message is one sentence for the operator.</exception>
    public static IReadOnlyList<McpCatalogueEntry> Read(string? path)
    {
        if (path is null)
        {
            return [];
        }

        try
        {
            var file = JsonSerializer.Deserialize<CatalogueFile>(File.ReadAllBytes(path), Json)!;
            var entries = file.Servers.Select(server => Entry(path, server)).ToList();
            return entries.Select(entry => entry.Name).Distinct(StringComparer.Ordinal).Count() == entries.Count ? entries : throw Wrong(path, "two entries have the same name");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException or NotSupportedException)
        {
            throw new StartException($"The catalogue of MCP servers {path} cannot be read: {e.Message}", e);
        }
    }

    static McpCatalogueEntry Entry(string path, CatalogueServer server)
    {
        if (!Slug.IsValid(server.Name))
        {
            throw Wrong(path, $"'{server.Name}' is no name: {Slug.Rule}");
        }

        if (!Path.IsPathFullyQualified(server.Command) || !File.Exists(server.Command))
        {
            throw Wrong(path, $"the command of {server.Name} is not the absolute path of a program");
        }

        var values = (server.Values ?? []).ToDictionary(value => value.Key, value => new McpValue(value.Value.Pattern, value.Value.Description, value.Value.Required, value.Value.Secret), StringComparer.Ordinal);
        var texts = (server.Args ?? []).Concat((server.Env ?? []).Values);
        return texts.SelectMany(text => Placeholder().Matches(text)).Select(match => match.Groups["name"].Value).FirstOrDefault(name => name != McpCatalogueEntry.WorkDirectory && !values.ContainsKey(name)) is { } unknown
            ? throw Wrong(path, $"{server.Name} uses {{{unknown}}}, which is none of its values")
            : new McpCatalogueEntry(
                server.Name, server.Title ?? server.Name, server.Description, server.Command, server.Args ?? [], server.Env ?? [], values, server.Network, server.MemoryMb * 1024L * 1024);
    }

    /// <summary>Each placeholder becomes its value, once: a value that looks like a placeholder stays as it is.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Placeholder().Replace(text, match => values.GetValueOrDefault(match.Groups["name"].Value, ""));

    static StartException Wrong(string path, string why) => new($"The catalogue of MCP servers {path} is wrong: {why}.");

    [GeneratedRegex(@"\{(?<name>[a-z][a-z0-9_]{0,62})\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    sealed record CatalogueFile(IReadOnlyList<CatalogueServer> Servers);

    sealed record CatalogueServer(
        string Name, string Command, IReadOnlyList<string>? Args = null, Dictionary<string, string>? Env = null, Dictionary<string, CatalogueValue>? Values = null,
        string? Title = null, string? Description = null, bool Network = false, int MemoryMb = 512);

    sealed record CatalogueValue(string Pattern, string? Description = null, bool Required = true, bool Secret = false);
}
