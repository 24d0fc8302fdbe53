using System.Buffers;
using System.Text.Json;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>Either an answer or an error, never both.</summary>
sealed record HttpRequestResult(HttpRequestOutput? Output, SkillError? Error)
{
    public static HttpRequestResult Ok(HttpRequestOutput output) => new(output, Error: null);

    public static HttpRequestResult Fail(SkillError error) => new(Output: null, error);
}

/// <summary>What the next nodes see of an answer.</summary>
/// <param name="Status">The HTTP status, 100 to 599.</param>
/// <param name="Headers">Names in lower case; repeated headers joined by a comma.</param>
/// <param name="Body">The body, read as its <see cref="HttpRequestBody.Format"/> says.</param>
/// <param name="Url">Where the answer came from, after redirects, without a fragment.</param>
/// <param name="Duration">From the start of the call to the last byte.</param>
/// <param name="Redirects">How many were followed, 0 to 5.</param>
sealed record HttpRequestOutput(
    int Status, IReadOnlyDictionary<string, string> Headers, HttpRequestBody Body, string Url, TimeSpan Duration, int Redirects)
{
    /// <summary><c>{ status, headers, body, body_format, url, duration_ms, redirects }</c>.</summary>
    public JsonElement ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("status", Status);
            writer.WriteStartObject("headers");
            foreach (var header in Headers)
                writer.WriteString(header.Key, header.Value);
            writer.WriteEndObject();
            writer.WritePropertyName("body");
            Body.WriteTo(writer);
            writer.WriteString("body_format", Body.Format);
            writer.WriteString("url", Url);
            writer.WriteNumber("duration_ms", (long)Duration.TotalMilliseconds);
            writer.WriteNumber("redirects", Redirects);
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }
}
