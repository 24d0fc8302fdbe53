using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Engine;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>json</c>: <c>{ op: parse, value: text }</c> gives the value that the text says; <c>{ op: stringify, value, indent? }</c> gives the text.</summary>
sealed class JsonSkill : IPureSkill
{
    static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Handles => "builtin/json";

    public SkillOutcome Run(SkillCall call) => call.With.Text("op") switch
    {
        "parse" => call.With.Text("value") is { } text ? Parse(text) : Arguments.Refused("json parses a text; this is none."),
        "stringify" => Write(call.With.Value("value") ?? Datum.Null, call.With.Flag("indent")),
        _ => Arguments.Refused("json has the ops parse and stringify."),
    };

    static SkillOutcome Parse(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (utf8.Length > Json.MaxOutputBytes)
        {
            return new SkillError("text_too_large", $"The text has more than {Json.MaxOutputBytes} bytes.", SkillErrorClass.Limit, Retryable: false);
        }

        try
        {
            // Values are cut from the document, so it is not disposed.
            var document = JsonDocument.Parse(utf8, Strict);
            return StorableJson.Check(utf8)
                ? Datum.From(document.RootElement)
                : new SkillError("invalid_json", "The text holds a character or a number that cannot be kept.", SkillErrorClass.InvalidInput, Retryable: false);
        }
        catch (JsonException e)
        {
            return new SkillError("invalid_json", $"The text is no JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.", SkillErrorClass.InvalidInput, Retryable: false);
        }
    }

    static SkillOutcome Write(Datum value, bool indent)
    {
        if (Json.Write(value) is not { } utf8)
        {
            return new SkillError("value_too_large", $"The value has more than {Json.MaxOutputBytes} bytes as JSON.", SkillErrorClass.Limit, Retryable: false);
        }

        return Datum.From(Encoding.UTF8.GetString(indent ? Indent(utf8) : utf8));
    }

    static byte[] Indent(byte[] utf8)
    {
        using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = Json.MaxDepth });
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            document.WriteTo(writer);
        }

        return buffer.ToArray();
    }
}
