using System.Text;
using System.Text.Json;

namespace AgentPlatform.Domain.Shared.Json;

/// <summary>
/// Finds the place of a problem by reading the text a second time. The hot path of <see cref="StrictJson"/> therefore keeps no
/// path at all: only refused bodies pay for it.
/// </summary>
static class JsonText
{
    static readonly JsonReaderOptions Deep = new() { MaxDepth = 1_000_000 };

    /// <summary>Pointer of the token that covers <paramref name="offset"/>, or of the container in which reading stops before it.</summary>
    public static string PointerAt(ReadOnlySpan<byte> utf8, long offset)
    {
        var path = new List<Level>();
        var reader = new Utf8JsonReader(utf8, Deep);
        var pending = false;
        try
        {
            while (reader.Read())
            {
                pending = Step(ref reader, path);
                if (offset < reader.BytesConsumed)
                    return Render(path, path.Count);
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    path.Add(new Level(reader.TokenType == JsonTokenType.StartArray));
            }
        }
        catch (JsonException)
        {
            // The text ends or breaks here: what was read so far names the place.
        }
        return Render(path, pending ? path.Count : path.Count - 1);
    }

    /// <summary>Offset of the first member whose name its object already has, compared after unescaping.</summary>
    public static long? FirstDuplicate(ReadOnlySpan<byte> utf8)
    {
        var names = new Stack<HashSet<string>>();
        var reader = new Utf8JsonReader(utf8, Deep);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    names.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    names.Pop();
                    break;
                case JsonTokenType.PropertyName when !names.Peek().Add(reader.GetString()!):
                    return reader.TokenStartIndex;
            }
        }
        return null;
    }

    /// <summary>Line (from 1) and column (from 1, in bytes) of an offset.</summary>
    public static (int Line, int Column) LineAndColumn(ReadOnlySpan<byte> utf8, long offset)
    {
        var before = utf8[..(int)Math.Min(offset, utf8.Length)];
        return (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }

    static bool Step(ref Utf8JsonReader reader, List<Level> path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                path[^1].Name = NameOf(ref reader);
                return true;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                path.RemoveAt(path.Count - 1);
                return false;
            default:
                if (path.Count > 0)
                    path[^1].Index++;
                return false;
        }
    }

    static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate in the name itself: it can be shown only as it is written.
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    static string Render(List<Level> path, int count)
    {
        var pointer = "";
        for (var i = 0; i < count; i++)
        {
            var level = path[i];
            if (level.IsArray)
                pointer = JsonPointer.Append(pointer, Math.Max(level.Index, 0));
            else if (level.Name is { } name)
                pointer = JsonPointer.Append(pointer, name);
        }
        return pointer;
    }

    sealed class Level(bool isArray)
    {
        public bool IsArray { get; } = isArray;
        public int Index { get; set; } = -1;
        public string? Name { get; set; }
    }
}
