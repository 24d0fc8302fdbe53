using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>The strings of a value that are expressions or templates, so that their values are known only in a run (see ValueTemplate).</summary>
static class ComputedText
{
    public static bool Is(string text) => text.StartsWith('=') ? !text.StartsWith("==", StringComparison.Ordinal) : text.Contains("{{", StringComparison.Ordinal);

    public static IEnumerable<(string Pointer, string Text)> In(JsonElement value, string pointer) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { } text && Is(text) ? [(pointer, text)] : [],
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => In(item, JsonPointer.Append(pointer, i))),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(p => In(p.Value, JsonPointer.Append(pointer, p.Name))),
        _ => [],
    };
}
