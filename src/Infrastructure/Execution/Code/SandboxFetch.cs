using System.Buffers;
using System.Text.Json;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Infrastructure.Execution.Skills;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>
/// Calls of customers' code to the outside. The process has no network: it asks, and the call is made here like one of the skill <c>http_request</c>, by
/// the same guard and within the same limits, to the hosts that the version names and no others, also after a redirect.
/// </summary>
sealed class SandboxFetch(HttpRequestCall http)
{
    /// <summary>Calls of one execution at once.</summary>
    public const int MaxOpen = 8;

    /// <summary>Of an answer: all that are open at once lie in this program's memory.</summary>
    const int MaxAnswer = 2 * 1024 * 1024;

    /// <summary>The answer as a line for the process: <c>{ id, status, headers, body }</c> or <c>{ id, error }</c>. Throws nothing that a call can cause.</summary>
    public async Task<byte[]> Send(byte[] frame, CodeSpec spec, CancellationToken ct)
    {
        try
        {
            using var request = JsonDocument.Parse(frame);
            if (request.RootElement is not { ValueKind: JsonValueKind.Object } asked)
            {
                return Refuse(frame, "The call cannot be read.");
            }

            var id = IdOf(asked);
            if (!HttpRequestInput.TryRead(ToWith(asked), out var input, out var problems))
            {
                return Error(id, $"{problems[0].Pointer} {problems[0].Message}".Trim());
            }

            var result = await http.Send(input! with { MayCall = spec.Allows, Timeout = spec.Limits.Timeout, MaxResponseBytes = MaxAnswer }, ct);
            return result.Error is { } error ? Error(id, $"{error.Message} ({error.Code})") : Answer(id, result.Output!);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or OperationCanceledException)
        {
            return Refuse(frame, "The call cannot be read, or was given up.");
        }
    }

    public static byte[] Refuse(byte[] frame, string why)
    {
        try
        {
            using var request = JsonDocument.Parse(frame);
            return Error(IdOf(request.RootElement), why);
        }
        catch (JsonException)
        {
            return Error(0, why);
        }
    }

    static int IdOf(JsonElement asked) =>
        asked.ValueKind == JsonValueKind.Object && asked.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number) ? number : 0;

    static JsonElement ToWith(JsonElement asked)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var name in (string[])["url", "method", "headers"])
            {
                if (asked.TryGetProperty(name, out var value))
                {
                    writer.WritePropertyName(name);
                    value.WriteTo(writer);
                }
            }

            if (asked.TryGetProperty("body", out var body) && body.ValueKind == JsonValueKind.String)
            {
                writer.WriteString("body_base64", body.GetString());
            }

            writer.WriteString("response", "base64");
            // A status is the code's to judge, as it is with any fetch.
            writer.WriteStartArray("expect_status");
            writer.WriteStringValue("4xx");
            writer.WriteStringValue("5xx");
            writer.WriteEndArray();
            writer.WriteNumber("follow_redirects", asked.TryGetProperty("redirect", out var redirect) && redirect.ValueEquals("follow") ? HttpRequestInput.MaxRedirects : 0);
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }

    static byte[] Answer(int id, HttpRequestOutput output) => Line(writer =>
    {
        writer.WriteNumber("id", id);
        writer.WriteNumber("status", output.Status);
        writer.WriteStartObject("headers");
        foreach (var (name, value) in output.Headers)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WritePropertyName("body");
        output.Body.WriteTo(writer);
    });

    static byte[] Error(int id, string message) => Line(writer =>
    {
        writer.WriteNumber("id", id);
        writer.WriteString("error", message);
    });

    static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
