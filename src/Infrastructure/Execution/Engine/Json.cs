using System.Buffers;
using System.Text.Json;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Values of a run as the UTF-8 JSON that is stored.</summary>
static class Json
{
    /// <summary>graph.md: a step's output, and so a run's, has at most 4 MiB.</summary>
    public const int MaxOutputBytes = 4 * 1024 * 1024;

    /// <summary>Input nests 32 deep and a computed value 64 around it; what was stored must always be readable again.</summary>
    public const int MaxDepth = 128;

    static readonly JsonWriterOptions Lenient = new()
    {
        SkipValidation = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [ThreadStatic]
    static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? shared;

    /// <returns>Null when the value is larger than <see cref="MaxOutputBytes"/>.</returns>
    public static byte[]? Write(Datum value)
    {
        var (buffer, writer) = shared ??= Create();
        try
        {
            value.WriteTo(writer);
            writer.Flush();
            return buffer.WrittenCount <= MaxOutputBytes ? buffer.WrittenSpan.ToArray() : null;
        }
        finally
        {
            // A large value must not pin its buffer to the thread for good.
            if (buffer.Capacity > 256 * 1024)
            {
                shared = null;
            }
            else
            {
                buffer.ResetWrittenCount();
                writer.Reset(buffer);
            }
        }
    }

    /// <summary>An error as it is stored and shown: code, message, node, class, retryable, detail.</summary>
    public static byte[] Write(SkillError error, string? nodeId)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, Lenient);
        writer.WriteStartObject();
        writer.WriteString("code", error.Code);
        writer.WriteString("message", error.Message);
        writer.WriteString("node", nodeId);
        writer.WriteString("class", error.Class);
        writer.WriteBoolean("retryable", error.Retryable);
        if (error.Detail is { } detail)
        {
            writer.WritePropertyName("detail");
            detail.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static Datum Read(ReadOnlyMemory<byte> utf8)
    {
        // The document lives as long as the values cut from it, so it is parsed without a pooled buffer and never disposed.
        var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
        return Datum.From(document.RootElement);
    }

    static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) Create()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        return (buffer, new Utf8JsonWriter(buffer, Lenient));
    }
}
