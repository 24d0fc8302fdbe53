using System.Text.Json;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Http;

/// <summary>How members of vendors' answers are read: what is missing or of another type is as good as absent, and no text holds what the database cannot.</summary>
static class Answers
{
    public static JsonElement? Member(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? member : null;

    public static string? Text(this JsonElement value, string name) => value.Member(name) is { ValueKind: JsonValueKind.String } text ? Clean(text.GetString()!) : null;

    public static long? Count(this JsonElement value, string name) => value.Member(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) ? count : null;

    public static IEnumerable<JsonElement> Items(this JsonElement value, string name) => value.Member(name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    /// <summary>Without U+0000, which PostgreSQL stores in no text. Lone surrogates do not come this far: reading them throws.</summary>
    public static string Clean(string text) => text.Contains('\0') ? text.Replace('\0', '\uFFFD') : text;
}
