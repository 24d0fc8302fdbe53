using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>The data lines of a run's events: the same text whether the event is told live or read from the database later.</summary>
static class RunEventJson
{
    static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Started(Guid runId, Guid agentId, Guid versionId, int attempt, DateTimeOffset at) => Write(json =>
    {
        json.WriteString("run_id", runId);
        json.WriteString("agent_id", agentId);
        json.WriteString("agent_version_id", versionId);
        json.WriteNumber("attempt", attempt);
        json.WriteString("at", at);
    });

    public static string StepStarted(Guid runId, string? path, string nodeId, int attempt, DateTimeOffset at, string? tool = null, byte[]? arguments = null) => Write(json =>
    {
        json.WriteString("run_id", runId);
        if (path is not null)
        {
            json.WriteString("path", path);
        }

        json.WriteString("node_id", nodeId);
        json.WriteNumber("attempt", attempt);
        json.WriteString("at", at);
        Tool(json, tool, arguments);
    });

    public static string StepFinished(Guid runId, string? path, string nodeId, int attempt, string status, byte[]? output, byte[]? error, DateTimeOffset at, string? tool = null) => Write(json =>
    {
        json.WriteString("run_id", runId);
        if (path is not null)
        {
            json.WriteString("path", path);
        }

        json.WriteString("node_id", nodeId);
        json.WriteNumber("attempt", attempt);
        json.WriteString("status", status);
        Raw(json, "output", output);
        Raw(json, "error", error);
        json.WriteString("at", at);
        Tool(json, tool, null);
    });

    public static string Token(Guid runId, string? path, string nodeId, int attempt, int offset, string text) => Write(json =>
    {
        json.WriteString("run_id", runId);
        if (path is not null)
        {
            json.WriteString("path", path);
        }

        json.WriteString("node_id", nodeId);
        json.WriteNumber("attempt", attempt);
        json.WriteNumber("offset", offset);
        json.WriteString("text", text);
    });

    public static string Resting(Guid runId, string status) => Write(json =>
    {
        json.WriteString("run_id", runId);
        json.WriteString("status", status);
    });

    public static string Finished(Guid runId, string status, byte[]? output, byte[]? error, DateTimeOffset at) => Write(json =>
    {
        json.WriteString("run_id", runId);
        json.WriteString("status", status);
        Raw(json, "output", output);
        Raw(json, "error", error);
        json.WriteString("at", at);
    });

    /// <summary>Only of a step that makes a call which a model asked for.</summary>
    static void Tool(Utf8JsonWriter json, string? name, byte[]? arguments)
    {
        if (name is not null)
        {
            json.WriteStartObject("tool");
            json.WriteString("name", name);
            if (arguments is not null)
            {
                Raw(json, "arguments", arguments);
            }

            json.WriteEndObject();
        }
    }

    /// <summary>Stored JSON is parsed and written anew: it may hold line breaks, and an event's data is one line.</summary>
    static void Raw(Utf8JsonWriter json, string name, byte[]? utf8)
    {
        json.WritePropertyName(name);
        if (utf8 is null)
        {
            json.WriteNullValue();
            return;
        }

        using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 128 });
        document.RootElement.WriteTo(json);
    }

    static string Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
