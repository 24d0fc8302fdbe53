using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Api.Http;

/// <summary>The API's JSON: snake_case, unknown members refused, enumerations as snake_case text, nulls written.</summary>
static class ApiJson
{
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions());

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.DictionaryKeyPolicy = null;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 64;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        return options;
    }

    /// <summary>Turns the serializer's complaint into a refusal with a JSON pointer.</summary>
    public static Error Explain(JsonException e)
    {
        var pointer = ToPointer(e.Path);
        return e.Message switch
        {
            var m when m.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) =>
                Error.Invalid(pointer, "unknown_field", $"There is no field {Last(pointer)} here."),
            var m when m.Contains("missing required properties", StringComparison.Ordinal) =>
                Error.Invalid([.. Names(m).Select(name => new FieldError($"{pointer}/{name}", "required", $"The field {name} is required."))]),
            var m when m.Contains("doesn't allow null", StringComparison.Ordinal) || m.Contains("disallows null", StringComparison.Ordinal) =>
                Error.Invalid(pointer, "required", "This field may not be null."),
            _ => Error.Invalid(pointer, "wrong_type", "The value has the wrong type or form."),
        };
    }

    /// <summary><c>$.nodes[2]['a.b']</c> as <c>/nodes/2/a.b</c>.</summary>
    static string ToPointer(string? path)
    {
        var pointer = "";
        for (var rest = (path ?? "$").AsSpan().TrimStart('$'); rest.Length > 0;)
        {
            var (segment, length) = rest switch
            {
                _ when rest.StartsWith("['", StringComparison.Ordinal) && rest.IndexOf("']", StringComparison.Ordinal) is var end and > 0 => (rest[2..end].ToString(), end + 2),
                ['[', ..] when rest.IndexOf(']') is var end and > 0 => (rest[1..end].ToString(), end + 1),
                _ => NextName(rest),
            };
            pointer = JsonPointer.Append(pointer, segment);
            rest = rest[length..];
        }

        return pointer;

        static (string, int) NextName(ReadOnlySpan<char> rest)
        {
            var name = rest[1..];
            var end = name.IndexOfAny('.', '[');
            end = end < 0 ? name.Length : end;
            return (name[..end].ToString(), end + 1);
        }
    }

    static string Last(string pointer) => pointer[(pointer.LastIndexOf('/') + 1)..];

    static string[] Names(string message) =>
        message[(message.IndexOf(':', StringComparison.Ordinal) + 1)..].Split([',', ' ', '.', '\''], StringSplitOptions.RemoveEmptyEntries);
}
