using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Http;

/// <summary>Questions to vendors are JSON, written straight into the request's body.</summary>
static class JsonBody
{
    static readonly MediaTypeHeaderValue Type = new("application/json");

    // Not for HTML: the vendors' parsers are JSON's, and escaped text costs bytes.
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static HttpRequestMessage Post(Uri address, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        var content = new ReadOnlyMemoryContent(buffer.WrittenMemory);
        content.Headers.ContentType = Type;
        return new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
    }

    public static void WriteElement(this Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        value.WriteTo(json);
    }
}
