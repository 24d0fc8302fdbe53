using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Agents.Definitions;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Infrastructure.Shared.Yaml;

namespace AgentPlatform.Infrastructure.Agents.Definitions;

/// <summary>The two spellings of a definition. Both are read strictly, within the limits of <see cref="StrictJson"/>, and neither loses anything.</summary>
public static class DefinitionText
{
    public const string Json = "application/json";
    public const string Yaml = "application/yaml";

    // RFC 9512 registered application/yaml; the others are what clients sent before it.
    static readonly string[] YamlTypes = [Yaml, "application/x-yaml", "text/yaml", "text/x-yaml"];

    static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>True for a media type of YAML, whatever its parameters.</summary>
    public static bool IsYaml(string? mediaType) => Is(mediaType, YamlTypes);

    /// <summary>Reads a body by its media type.</summary>
    /// <returns>The document, or a refusal: <c>unsupported_media_type</c>, or the codes of <see cref="JsonProblemCodes"/> and <see cref="YamlProblemCodes"/>.</returns>
    public static Result<JsonElement> Read(ReadOnlyMemory<byte> body, string? mediaType)
    {
        JsonDocument? document;
        JsonProblem? problem;
        bool isRead;
        if (IsYaml(mediaType))
            isRead = YamlDocuments.TryRead(body, out document, out problem);
        else if (Is(mediaType, [Json]))
            isRead = StrictJson.TryParse(body, out document, out problem);
        else
            return new Error(ErrorKind.UnsupportedMediaType, "unsupported_media_type", $"Send the definition as {Yaml} or {Json}.");

        if (!isRead)
        {
            var kind = problem!.Code == JsonProblemCodes.TooLarge ? ErrorKind.TooLarge : ErrorKind.Malformed;
            return new Error(kind, problem.Code, problem.Message) { Fields = [new FieldError(problem.Pointer, problem.Code, problem.Message)] };
        }

        using (document)
            return document!.RootElement.Clone();
    }

    /// <summary>The definition as text for people: YAML, or indented JSON.</summary>
    public static string Write(AgentDefinition definition, bool asYaml)
    {
        var document = DefinitionWriter.Write(definition);
        if (asYaml)
            return YamlDocuments.Write(document);

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
            document.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    static bool Is(string? mediaType, string[] accepted)
    {
        var essence = mediaType?.Split(';')[0].Trim() ?? "";
        return accepted.Contains(essence, StringComparer.OrdinalIgnoreCase);
    }
}
