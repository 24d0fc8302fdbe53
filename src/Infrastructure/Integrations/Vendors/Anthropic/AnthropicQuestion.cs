using System.Text.Json;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Anthropic;

/// <summary>Writes the body of a message: what is said by the system stands beside the messages, results of tools are said by the user.</summary>
static class AnthropicQuestion
{
    public static void Write(Utf8JsonWriter json, VendorService service, IEnumerable<ChatMessage> messages, ChatOptions options, bool isStream)
    {
        var said = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        json.WriteString("model", service.ServiceName);
        json.WriteNumber("max_tokens", options.MaxOutputTokens ?? Math.Min(service.MaxOutput ?? ModelLimits.OutputWhereUnknown, ModelLimits.OutputWhereUnsaid));
        var system = string.Join("\n\n", said.Where(message => message.Role == ChatRole.System).Select(message => message.Text).Prepend(options.Instructions).Where(text => text is { Length: > 0 }));
        if (system.Length > 0)
        {
            json.WriteString("system", system);
        }

        WriteMessages(json, said);
        if (options.Temperature is { } temperature && !service.Lacks("temperature"))
        {
            json.WriteNumber("temperature", Math.Round(Math.Min(temperature, 1), 4));
        }

        WriteTools(json, options);
        if (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema })
        {
            json.WriteStartObject("output_config");
            json.WriteStartObject("format");
            json.WriteString("type", "json_schema");
            json.WriteElement("schema", schema);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (isStream)
        {
            json.WriteBoolean("stream", true);
        }
    }

    static void WriteMessages(Utf8JsonWriter json, IReadOnlyList<ChatMessage> messages)
    {
        json.WriteStartArray("messages");
        string? open = null;
        foreach (var message in messages.Where(message => message.Role != ChatRole.System))
        {
            // The results of one turn's tools belong into one message.
            var role = message.Role == ChatRole.Assistant ? "assistant" : "user";
            if (role != open)
            {
                Close(json, open);
                json.WriteStartObject();
                json.WriteString("role", role);
                json.WriteStartArray("content");
                open = role;
            }

            foreach (var content in message.Contents)
            {
                Write(json, content);
            }
        }

        Close(json, open);
        json.WriteEndArray();
    }

    static void Close(Utf8JsonWriter json, string? open)
    {
        if (open is not null)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    static void Write(Utf8JsonWriter json, AIContent content)
    {
        switch (content)
        {
            case TextContent { Text.Length: > 0 } text:
                Begin(json, "text");
                json.WriteString("text", text.Text);
                break;
            case TextReasoningContent { ProtectedData: { } signature } thought:
                // Without its signature a thought is not taken back; one that was withheld is nothing but its signature.
                Begin(json, thought.Text.Length > 0 ? "thinking" : "redacted_thinking");
                json.WriteString(thought.Text.Length > 0 ? "signature" : "data", signature);
                if (thought.Text.Length > 0)
                {
                    json.WriteString("thinking", thought.Text);
                }

                break;
            case FunctionCallContent call:
                Begin(json, "tool_use");
                json.WriteString("id", call.CallId);
                json.WriteString("name", call.Name);
                json.WritePropertyName("input");
                JsonSerializer.Serialize(json, call.Arguments ?? new Dictionary<string, object?>());
                break;
            case FunctionResultContent result:
                Begin(json, "tool_result");
                json.WriteString("tool_use_id", result.CallId);
                json.WriteString("content", Tokens.JsonOf(result.Result));
                if (result.Exception is not null)
                {
                    json.WriteBoolean("is_error", true);
                }

                break;
            case DataContent image:
                Begin(json, "image");
                json.WriteStartObject("source");
                json.WriteString("type", "base64");
                json.WriteString("media_type", image.MediaType);
                json.WriteBase64String("data", image.Data.Span);
                json.WriteEndObject();
                break;
            case UriContent image:
                Begin(json, "image");
                json.WriteStartObject("source");
                json.WriteString("type", "url");
                json.WriteString("url", image.Uri.AbsoluteUri);
                json.WriteEndObject();
                break;
            default:
                return;
        }

        json.WriteEndObject();
    }

    static void Begin(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
    }

    static void WriteTools(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        json.WriteStartArray("tools");
        foreach (var tool in tools.OfType<AIFunctionDeclaration>())
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            json.WriteString("description", tool.Description);
            json.WriteElement("input_schema", tool.JsonSchema);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("tool_choice");
        json.WriteString("type", options.ToolMode switch
        {
            RequiredChatToolMode { RequiredFunctionName: not null } => "tool",
            RequiredChatToolMode => "any",
            NoneChatToolMode => "none",
            _ => "auto",
        });
        if (options.ToolMode is RequiredChatToolMode { RequiredFunctionName: { } name })
        {
            json.WriteString("name", name);
        }

        if (options.AllowMultipleToolCalls is false && options.ToolMode is not NoneChatToolMode)
        {
            json.WriteBoolean("disable_parallel_tool_use", true);
        }

        json.WriteEndObject();
    }
}
