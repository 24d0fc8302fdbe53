using System.Buffers;
using System.Text.Json;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Domain.Execution.Conversations;

namespace AgentPlatform.Infrastructure.Execution.Conversations;

/// <summary>What an agent is given with a message; see docs/graph-semantics.md, Conversations.</summary>
static class ReplyInput
{
    static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Everything.</summary>
    public static byte[] Whole(OpenConversation conversation, string message, IReadOnlyList<MessageFile> files, IReadOnlyList<Said> history) => Write(json =>
    {
        json.WriteString("message", message);
        json.WriteStartArray("history");
        foreach (var said in history)
        {
            json.WriteStartObject();
            json.WriteString("role", said.Role);
            json.WriteString("content", said.Content);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Images(json, files);
        Names(json, files);
        json.WriteStartObject("conversation");
        json.WriteString("id", conversation.Id);
        json.WriteString("title", conversation.Title);
        json.WriteString("user_id", conversation.UserId);
        json.WriteString("started_at", conversation.StartedAt);
        json.WriteNumber("message_count", conversation.LastSeq);
        json.WriteString("summary", conversation.Summary);
        json.WritePropertyName("context");
        conversation.Context.WriteTo(json);
        json.WriteEndObject();
    });

    /// <summary>For an agent whose schema knows nothing of conversations.</summary>
    public static byte[] Bare(string message) => Write(json => json.WriteString("message", message));

    /// <summary>As <c>llm</c> takes them.</summary>
    static void Images(Utf8JsonWriter json, IReadOnlyList<MessageFile> files)
    {
        json.WriteStartArray("images");
        foreach (var image in files.Where(file => file.IsImage))
        {
            json.WriteStartObject();
            json.WriteString("base64", image.Base64);
            json.WriteString("media_type", image.MediaType);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void Names(Utf8JsonWriter json, IReadOnlyList<MessageFile> files)
    {
        json.WriteStartArray("files");
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteString("media_type", file.MediaType);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
