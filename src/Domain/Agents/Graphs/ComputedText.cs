using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>The strings of a value that are expressions or templates, so that their values are known only in a run (see ValueTemplate).</summary>
static class ComputedText
{
    public static bool Is(string text) => text.StartsWith('=') ? !text.StartsWith("==", StringComparison.Ordinal) : text.Contains("{{", StringComparison.Ordinal);

    /// <summary>The member's text when it is a plain one.</summary>
    public static string? Literal(JsonElement members, string name) =>
        members.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !Is(text)
            ? Plain(text)
            : null;

    /// <summary>What a text that is not computed says: <c>==</c> begins a plain <c>=</c>.</summary>
    public static string Plain(string text) => text.StartsWith("==", StringComparison.Ordinal) ? text[1..] : text;

    public static IEnumerable<(string Pointer, string Text)> In(JsonElement value, string pointer) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { } text && Is(text) ? [(pointer, text)] : [],
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => In(item, JsonPointer.Append(pointer, i))),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(p => In(p.Value, JsonPointer.Append(pointer, p.Name))),
        _ => [],
    };
}
