using System.Text;
using System.Text.Json;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>What one execution printed: at most a thousand entries and 64 KiB, whatever the process sends.</summary>
sealed class CodeLogs
{
    const int MaxEntries = 1001;
    const int MaxEntry = 8 * 1024;
    const int MaxText = 72 * 1024;

    static readonly string[] Levels = ["debug", "info", "warn", "error"];

    readonly List<Entry> entries = [];
    int length;

    /// <summary>An entry as the runner's console writes it.</summary>
    public void Add(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var entry = JsonDocument.Parse(json);
            if (entry.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("level", out var level) && root.TryGetProperty("text", out var text))
            {
                Add(level.GetString() is { } known && Levels.Contains(known) ? known : "info", SafeText.Of(text));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not from our runner: then it is no entry.
        }
    }

    /// <summary>A line that is no frame: printed past the console, or the interpreter's own last words.</summary>
    public void AddText(ReadOnlySpan<byte> line)
    {
        if (!line.IsEmpty)
        {
            Add("info", Encoding.UTF8.GetString(line[..Math.Min(line.Length, MaxEntry)]).Replace('\0', '\uFFFD'));
        }
    }

    public bool Mentions(string text) => entries.Exists(entry => entry.Text.Contains(text, StringComparison.OrdinalIgnoreCase));

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(entries, JsonSerializerOptions.Web);

    void Add(string level, string text)
    {
        if (entries.Count < MaxEntries && length < MaxText)
        {
            length += text.Length;
            entries.Add(new Entry(level, text.Length <= MaxEntry ? text : text[..MaxEntry]));
        }
    }

    sealed record Entry(string Level, string Text);
}

/// <summary>Text from inside, as it can be stored and shown.</summary>
static class SafeText
{
    public static string Of(JsonElement text)
    {
        try
        {
            return text.GetString()?.Replace('\0', '\uFFFD') ?? "";
        }
        catch (InvalidOperationException)
        {
            return "(not valid Unicode)";
        }
    }
}
