using System.Buffers;
using System.Text.Json;
using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>A tool's result as JSON of ours: <c>{content, structured, text, is_error}</c>, bounded, storable, without what was secret.</summary>
static class McpResults
{
    public static McpAnswer Of(CallToolResult result, McpTarget target)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(output))
        {
            Write(writer, result);
        }

        if (output.WrittenCount > target.Limits.MaxResultBytes)
        {
            return new McpAnswer(null, McpFailures.TooMuch($"a result of more than {target.Limits.MaxResultBytes} bytes"));
        }

        if (!StrictJson.TryParse(output.WrittenMemory, out var document, out _, maxDepth: 64, maxBytes: int.MaxValue))
        {
            return new McpAnswer(null, McpFailures.NotStorable);
        }

        using (document)
        {
            return new McpAnswer(Masked(document!.RootElement, target.Mask).Clone(), null);
        }
    }

    /// <summary>What a stranger says may hold what we said to it.</summary>
    public static JsonElement Masked(JsonElement value, SecretMask mask) => !mask.IsEmpty && mask.TryMask(Datum.From(value), out var masked) ? masked.ToJsonElement() : value;

    static void Write(Utf8JsonWriter writer, CallToolResult result)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("content");
        JsonSerializer.Serialize(writer, result.Content, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IList<ContentBlock>)));
        writer.WritePropertyName("structured");
        if (result.StructuredContent is { } structured)
        {
            structured.WriteTo(writer);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteString("text", string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text)));
        writer.WriteBoolean("is_error", result.IsError ?? false);
        writer.WriteEndObject();
    }
}
