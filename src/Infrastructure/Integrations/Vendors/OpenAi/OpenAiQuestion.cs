using System.Text.Json;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.OpenAi;

/// <summary>Writes the body of a chat completion. What vendors of this protocol disagree about is in their settings and their services' capabilities.</summary>
static class OpenAiQuestion
{
    public static void Write(Utf8JsonWriter json, VendorService service, IEnumerable<ChatMessage> messages, ChatOptions options, bool isStream)
    {
        var vendor = service.Vendor;
        json.WriteString("model", service.ServiceName);
        json.WriteStartArray("messages");
        if (options.Instructions is { Length: > 0 } instructions)
        {
            Say(json, "system", instructions);
        }

        var schema = (options.ResponseFormat as ChatResponseFormatJson)?.Schema;
        var isAsked = schema is { } wanted && !service.Can("json_schema") ? $"Answer with JSON only, without any other text, that fits this JSON Schema: {wanted.GetRawText()}" : null;
        if (isAsked is not null)
        {
            Say(json, "system", isAsked);
        }

        foreach (var message in messages)
        {
            Write(json, message);
        }

        json.WriteEndArray();
        if (options.Temperature is { } temperature && !service.Lacks("temperature"))
        {
            json.WriteNumber("temperature", Math.Round(temperature, 4));
        }

        if (options.MaxOutputTokens is { } max)
        {
            json.WriteNumber(vendor.Setting("max_tokens_field") ?? "max_tokens", max);
        }

        WriteTools(json, options, vendor);
        WriteFormat(json, service, options.ResponseFormat, schema);
        if (isStream)
        {
            json.WriteBoolean("stream", true);
            if (vendor.Allows("stream_usage"))
            {
                json.WriteStartObject("stream_options");
                json.WriteBoolean("include_usage", true);
                json.WriteEndObject();
            }
        }
    }

    static void Say(Utf8JsonWriter json, string role, string text)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", text);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, ChatMessage message)
    {
        var results = message.Contents.OfType<FunctionResultContent>().ToList();
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteString("role", "tool");
            json.WriteString("tool_call_id", result.CallId);
            json.WriteString("content", Tokens.JsonOf(result.Result));
            json.WriteEndObject();
        }

        if (results.Count > 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("role", message.Role.Value);
        if (message.Contents.Any(content => content is DataContent or UriContent))
        {
            WriteParts(json, message);
        }
        else
        {
            json.WriteString("content", message.Text);
        }

        var calls = message.Contents.OfType<FunctionCallContent>().ToList();
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in calls)
            {
                json.WriteStartObject();
                json.WriteString("id", call.CallId);
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", call.Name);
                json.WriteString("arguments", call.Arguments is null ? "{}" : Tokens.JsonOf(call.Arguments));
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    static void WriteParts(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartArray("content");
        foreach (var content in message.Contents)
        {
            var url = content switch { UriContent image => image.Uri.AbsoluteUri, DataContent image => image.Uri, _ => null };
            if (url is not null)
            {
                json.WriteStartObject();
                json.WriteString("type", "image_url");
                json.WriteStartObject("image_url");
                json.WriteString("url", url);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            else if (content is TextContent { Text.Length: > 0 } text)
            {
                json.WriteStartObject();
                json.WriteString("type", "text");
                json.WriteString("text", text.Text);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    static void WriteTools(Utf8JsonWriter json, ChatOptions options, Vendor vendor)
    {
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        json.WriteStartArray("tools");
        foreach (var tool in tools.OfType<AIFunctionDeclaration>())
        {
            json.WriteStartObject();
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", tool.Name);
            json.WriteString("description", tool.Description);
            json.WriteElement("parameters", tool.JsonSchema);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        switch (options.ToolMode)
        {
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                json.WriteStartObject("tool_choice");
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case RequiredChatToolMode:
                json.WriteString("tool_choice", "required");
                break;
            case NoneChatToolMode:
                json.WriteString("tool_choice", "none");
                break;
        }

        if (options.AllowMultipleToolCalls is { } several && vendor.Allows("parallel_tool_calls"))
        {
            json.WriteBoolean("parallel_tool_calls", several);
        }
    }

    static void WriteFormat(Utf8JsonWriter json, VendorService service, ChatResponseFormat? format, JsonElement? schema)
    {
        if (format is not ChatResponseFormatJson wanted || (!service.Can("json_schema") && !service.Can("json")))
        {
            return;
        }

        json.WriteStartObject("response_format");
        if (schema is { } fits && service.Can("json_schema"))
        {
            json.WriteString("type", "json_schema");
            json.WriteStartObject("json_schema");
            json.WriteString("name", wanted.SchemaName ?? "answer");
            json.WriteElement("schema", fits);
            json.WriteBoolean("strict", StrictSchema.Is(fits));
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("type", "json_object");
        }

        json.WriteEndObject();
    }
}
