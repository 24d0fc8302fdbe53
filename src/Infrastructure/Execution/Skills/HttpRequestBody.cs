using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>An answer's body in the form that a step's output holds it.</summary>
sealed class HttpRequestBody
{
    static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = StrictJson.MaxDepth, AllowDuplicateProperties = false };

    readonly ReadOnlyMemory<byte> _bytes;
    readonly string? _text;

    HttpRequestBody(string format, ReadOnlyMemory<byte> bytes, string? text)
    {
        Format = format;
        _bytes = bytes;
        _text = text;
    }

    /// <summary><c>json</c>, <c>text</c>, <c>base64</c>, or <c>none</c> for an answer without a body.</summary>
    public string Format { get; }

    /// <summary>Reads a body as the author asked. Null when JSON was asked for and it is none that could be stored.</summary>
    public static HttpRequestBody? Read(ReadOnlyMemory<byte> bytes, MediaTypeHeaderValue? type, ResponseFormat wanted)
    {
        if (bytes.IsEmpty && wanted != ResponseFormat.Json)
            return new HttpRequestBody("none", bytes, text: null);

        return wanted switch
        {
            ResponseFormat.Json => AsJson(bytes),
            ResponseFormat.Text => AsText(bytes, type, lossy: true),
            ResponseFormat.Base64 => AsBase64(bytes),
            _ => (IsJson(type) ? AsJson(bytes) : null) ?? (IsText(type) ? AsText(bytes, type, lossy: false) : null) ?? AsBase64(bytes),
        };
    }

    /// <summary>The start of a body for an error's detail, as readable text.</summary>
    public static string Excerpt(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes).Replace('\0', '\uFFFD');

    public void WriteTo(Utf8JsonWriter writer)
    {
        switch (Format)
        {
            case "json":
                writer.WriteRawValue(_bytes.Span, skipInputValidation: true);
                break;
            case "text":
                writer.WriteStringValue(_text);
                break;
            case "base64":
                writer.WriteBase64StringValue(_bytes.Span);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    static HttpRequestBody? AsJson(ReadOnlyMemory<byte> bytes)
    {
        var json = WithoutByteOrderMark(bytes);
        try
        {
            using var document = JsonDocument.Parse(json, JsonOptions);
            return StorableJson.Check(json.Span) ? new HttpRequestBody("json", json, text: null) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or JSON that two parsers would read in two ways; the caller decides what else it is.
            return null;
        }
    }

    static HttpRequestBody? AsText(ReadOnlyMemory<byte> bytes, MediaTypeHeaderValue? type, bool lossy)
    {
        var content = WithoutByteOrderMark(bytes).Span;
        var encoding = EncodingOf(type);
        if (!lossy && (encoding is null || (encoding is UTF8Encoding && !Utf8.IsValid(content))))
            return null;

        var text = (encoding ?? Encoding.UTF8).GetString(content);
        if (text.Contains('\0'))
        {
            if (!lossy)
                return null;
            text = text.Replace('\0', '\uFFFD');
        }

        return new HttpRequestBody("text", bytes, text);
    }

    static HttpRequestBody AsBase64(ReadOnlyMemory<byte> bytes) => new("base64", bytes, text: null);

    static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> bytes) => bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;

    static bool IsJson(MediaTypeHeaderValue? type) =>
        type?.MediaType is { } name
        && (name.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || name.Equals("text/json", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    /// <summary>Without a content type it may be text as well; whether it is shows in its bytes.</summary>
    static bool IsText(MediaTypeHeaderValue? type) =>
        type?.MediaType is not { } name
        || IsJson(type)
        || name.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("+xml", StringComparison.OrdinalIgnoreCase)
        || name.Equals("application/xml", StringComparison.OrdinalIgnoreCase)
        || name.Equals("application/javascript", StringComparison.OrdinalIgnoreCase)
        || name.Equals("application/yaml", StringComparison.OrdinalIgnoreCase)
        || name.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase)
        || name.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    static Encoding? EncodingOf(MediaTypeHeaderValue? type)
    {
        try
        {
            return type?.CharSet is { Length: > 0 } name ? Encoding.GetEncoding(name.Trim('"')) : Encoding.UTF8;
        }
        catch (ArgumentException)
        {
            // A charset that the runtime does not know, or one that nobody does.
            return null;
        }
    }
}
