using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Integrations.Mcp;

/// <summary>A tool as its server describes it. All of it is text by a stranger: it is shown, pinned by its hash, and believed only once a person accepted it.</summary>
/// <param name="Json">The definition as it came: name, title, description, inputSchema, outputSchema, annotations; nothing of <c>_meta</c>.</param>
/// <param name="Hash">SHA-256 of its canonical form: another word in a description is another tool.</param>
public sealed partial record McpToolDefinition(string Name, JsonElement Json, string Hash)
{
    /// <summary>Bytes of one definition.</summary>
    public const int MaxBytes = 64 * 1024;

    static readonly JsonElement AnyObject = JsonDocument.Parse("""{"type":"object"}""").RootElement;

    public string? Title => Text("title");

    public string? Description => Text("description");

    public JsonElement InputSchema => Json.TryGetProperty("inputSchema", out var schema) ? schema : AnyObject;

    public JsonElement? OutputSchema => Json.TryGetProperty("outputSchema", out var schema) && schema.ValueKind is JsonValueKind.Object ? schema : null;

    /// <summary>Null for a name that cannot stand in an address or a log, and for a definition that is no object, is too large or cannot be stored.</summary>
    public static McpToolDefinition? Read(ReadOnlyMemory<byte> utf8)
    {
        if (!StrictJson.TryParse(utf8, out var document, out _, maxBytes: MaxBytes))
        {
            return null;
        }

        using (document)
        {
            return document!.RootElement is { ValueKind: JsonValueKind.Object } json
                && json.TryGetProperty("name", out var name) && name.ValueKind is JsonValueKind.String && NamePattern().IsMatch(name.GetString()!)
                ? new McpToolDefinition(name.GetString()!, json.Clone(), CanonicalJson.Sha256Hex(json))
                : null;
        }
    }

    public static McpToolDefinition Stored(JsonElement json, string hash) => new(json.GetProperty("name").GetString()!, json, hash);

    string? Text(string name) => Json.TryGetProperty(name, out var text) && text.ValueKind is JsonValueKind.String ? text.GetString() : null;

    [GeneratedRegex(@"^[A-Za-z0-9_.:/-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
