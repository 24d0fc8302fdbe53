using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Infrastructure.Shared.Yaml;

public static class YamlProblemCodes
{
    public const string MalformedYaml = "malformed_yaml";
    public const string MultipleDocuments = "multiple_documents";
    public const string UnsupportedTag = "unsupported_tag";
    public const string UnsupportedKey = "unsupported_key";
    public const string UnsupportedAlias = "unsupported_alias";
    public const string UnsupportedNumber = "unsupported_number";
}

/// <summary>
/// YAML as another spelling of JSON: one document, YAML 1.2 core schema, nothing lost in either direction (numbers keep their text, members
/// their order). <c>no</c>, <c>on</c>, <c>1_000</c> and dates are strings. Anchors and aliases are read and expanded within the size limits; a merge
/// key, a tag beyond the core ones and a key that is no scalar are refused. The limits are those of <see cref="StrictJson"/>.
/// </summary>
public static class YamlDocuments
{
    /// <summary>As the other overload, for text that is already decoded; offsets count its UTF-8 bytes.</summary>
    public static bool TryRead(string yaml, out JsonDocument? document, out JsonProblem? problem)
    {
        document = null;
        if (yaml.Length > StrictJson.MaxBytes || Encoding.UTF8.GetByteCount(yaml) > StrictJson.MaxBytes)
        {
            problem = TooLarge();
            return false;
        }
        return Read(yaml, out document, out problem);
    }

    /// <summary>
    /// Reads one YAML document. True: <paramref name="document"/> is set and the caller disposes it. False: <paramref name="problem"/> tells why, with
    /// line and column in its message.
    /// </summary>
    public static bool TryRead(ReadOnlyMemory<byte> yaml, out JsonDocument? document, out JsonProblem? problem)
    {
        document = null;
        if (yaml.Length > StrictJson.MaxBytes)
        {
            problem = TooLarge();
            return false;
        }
        if (!Utf8.IsValid(yaml.Span))
        {
            problem = new(JsonProblemCodes.InvalidUtf8, "The text is not valid UTF-8.", "", 0);
            return false;
        }
        return Read(Encoding.UTF8.GetString(yaml.Span), out document, out problem);
    }

    /// <summary>The value in readable block style; reading it again gives the same value, number texts and member order included.</summary>
    public static string Write(JsonElement value) => YamlWriter.Write(value);

    static bool Read(string yaml, out JsonDocument? document, out JsonProblem? problem)
    {
        document = null;
        // A byte order mark is allowed at the start of a YAML stream, unlike in JSON.
        var text = yaml.StartsWith('\uFEFF') ? yaml[1..] : yaml;
        try
        {
            document = new YamlReader(text).Read();
            problem = null;
            return true;
        }
        catch (YamlRefusal refusal)
        {
            problem = refusal.Problem;
            return false;
        }
    }

    static JsonProblem TooLarge() =>
        new(JsonProblemCodes.TooLarge, $"The text is larger than {StrictJson.MaxBytes} bytes.", "", StrictJson.MaxBytes);
}
