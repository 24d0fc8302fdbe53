using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentPlatform.Api.Mcp;

/// <summary>Arguments that an agent's schema wants repeated as headers (<c>x-mcp-header</c>), for those who route requests and do not read them: header and argument must agree.</summary>
static class McpParameterHeaders
{
    const string Annotation = "x-mcp-header";
    const string Prefix = "=?base64?";
    const string Suffix = "?=";

    /// <returns>The name of the first header that does not say what its argument says; null when all do.</returns>
    public static string? Mismatch(JsonElement? schema, JsonObject? arguments, IHeaderDictionary headers)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } given || !given.TryGetProperty("properties", out var properties) || properties.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        foreach (var property in properties.EnumerateObject())
        {
            if (property.Value.ValueKind is JsonValueKind.Object && property.Value.TryGetProperty(Annotation, out var named) && named.ValueKind is JsonValueKind.String)
            {
                var header = $"Mcp-Param-{named.GetString()}";
                var said = headers[header];
                var argument = Text(arguments?[property.Name]);
                if (argument is null ? said.Count > 0 : said.Count != 1 || !Agree(Read(said.ToString().Trim()), argument))
                {
                    return header;
                }
            }
        }

        return null;
    }

    /// <summary>Null for what is no text, number or truth value: such an argument is not repeated.</summary>
    static string? Text(JsonNode? argument) => argument?.GetValueKind() switch
    {
        JsonValueKind.String => argument.GetValue<string>(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => argument.ToJsonString(),
        _ => null,
    };

    static bool Agree(string? said, string argument) => said == argument
        || (double.TryParse(said, NumberStyles.Float, CultureInfo.InvariantCulture, out var one) && double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out var other) && one.Equals(other));

    /// <summary>What cannot stand in a header is there as base64 of its UTF-8; null when that is none.</summary>
    static string? Read(string said)
    {
        if (!said.StartsWith(Prefix, StringComparison.Ordinal) || !said.EndsWith(Suffix, StringComparison.Ordinal) || said.Length < Prefix.Length + Suffix.Length)
        {
            return said;
        }

        var bytes = new byte[said.Length];
        return Convert.TryFromBase64Chars(said.AsSpan()[Prefix.Length..^Suffix.Length], bytes, out var written) ? Encoding.UTF8.GetString(bytes, 0, written) : null;
    }
}
