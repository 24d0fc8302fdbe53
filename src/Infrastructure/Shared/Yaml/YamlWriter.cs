using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AgentPlatform.Infrastructure.Shared.Yaml;

/// <summary>
/// Block style, two spaces a level. Written by hand rather than with the library's emitter, which folds long lines and chooses styles by rules
/// that differ from what its own parser reads back in rare cases; here the choice is ours and the property test holds it to the parser.
/// </summary>
sealed class YamlWriter
{
    /// <summary>A YAML parser need not look further than 1,024 characters for the colon of a key; longer ones are written with <c>?</c>.</summary>
    const int LongestImplicitKey = 1000;

    readonly StringBuilder _yaml = new();

    public static string Write(JsonElement value)
    {
        var writer = new YamlWriter();
        writer.WriteNode(value, 0);
        return writer._yaml.ToString();
    }

    /// <summary>Writes a node whose first line starts where the text stands now, and ends it with a line break.</summary>
    void WriteNode(JsonElement value, int indent)
    {
        if (value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() > 0)
            WriteMapping(value, indent);
        else if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0)
            WriteSequence(value, indent);
        else
            WriteScalar(value, indent);
    }

    void WriteMapping(JsonElement value, int indent)
    {
        var first = true;
        foreach (var member in value.EnumerateObject())
        {
            if (!first)
                _yaml.Append(' ', indent);
            first = false;
            var key = YamlScalars.IsPlain(member.Name) ? member.Name : YamlScalars.Quote(member.Name);
            if (key.Length > LongestImplicitKey)
                _yaml.Append("? ").Append(key).Append('\n').Append(' ', indent).Append(':');
            else
                _yaml.Append(key).Append(':');
            WriteMember(member.Value, indent);
        }
    }

    void WriteMember(JsonElement value, int indent)
    {
        if (IsBlock(value))
            _yaml.Append('\n').Append(' ', indent + 2);
        else
            _yaml.Append(' ');
        WriteNode(value, indent + 2);
    }

    void WriteSequence(JsonElement value, int indent)
    {
        var first = true;
        foreach (var item in value.EnumerateArray())
        {
            if (!first)
                _yaml.Append(' ', indent);
            first = false;
            _yaml.Append("- ");
            WriteNode(item, indent + 2);
        }
    }

    void WriteScalar(JsonElement value, int indent)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                WriteString(value.GetString()!, Math.Max(indent, 2));
                break;
            case JsonValueKind.Object:
                _yaml.Append("{}\n");
                break;
            case JsonValueKind.Array:
                _yaml.Append("[]\n");
                break;
            default:
                // Numbers, true, false and null are spelled alike in JSON and in the core schema.
                _yaml.Append(Encoding.ASCII.GetString(JsonMarshal.GetRawUtf8Value(value))).Append('\n');
                break;
        }
    }

    void WriteString(string text, int indent)
    {
        if (YamlScalars.IsPlain(text))
        {
            _yaml.Append(text).Append('\n');
        }
        else if (YamlScalars.IsLiteral(text))
        {
            _yaml.Append(text.EndsWith('\n') ? "|\n" : "|-\n");
            foreach (var line in text.TrimEnd('\n').Split('\n'))
                _yaml.Append(' ', line.Length > 0 ? indent : 0).Append(line).Append('\n');
        }
        else
        {
            _yaml.Append(YamlScalars.Quote(text)).Append('\n');
        }
    }

    static bool IsBlock(JsonElement value) =>
        (value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() > 0) || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0);
}
