using System.Text.Json;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.OpenAi;

/// <summary>Reads a chat completion.</summary>
static class OpenAiAnswer
{
    public static ChatResponse Read(VendorEndpoint endpoint, JsonElement root)
    {
        if (root.Member("error") is { } error)
        {
            throw VendorProblem.Read(endpoint, error);
        }

        if (root.Items("choices").FirstOrDefault() is not { ValueKind: JsonValueKind.Object } choice || choice.Member("message") is not { ValueKind: JsonValueKind.Object } said)
        {
            throw VendorErrors.Invalid(endpoint.Vendor, "it has no choice with a message.");
        }

        var message = new ChatMessage { Role = ChatRole.Assistant };
        AddText(message, said);
        foreach (var call in said.Items("tool_calls"))
        {
            var function = call.Member("function") ?? throw VendorErrors.Invalid(endpoint.Vendor, "a tool call of it names no function.");
            message.Contents.Add(ToolCalls.Read(call.Text("id"), function.Text("name"), Arguments(function)));
        }

        var refusal = said.Text("refusal");
        if (refusal is { Length: > 0 })
        {
            message.Contents.Add(new TextContent(refusal));
        }

        return new ChatResponse(message)
        {
            ModelId = root.Text("model"),
            ResponseId = root.Text("id"),
            FinishReason = refusal is { Length: > 0 } ? ChatFinishReason.ContentFilter : Finish(choice.Text("finish_reason"), message.Contents.Any(content => content is FunctionCallContent)),
            Usage = Usage(root),
        };
    }

    public static UsageDetails? Usage(JsonElement root)
    {
        if (root.Member("usage") is not { ValueKind: JsonValueKind.Object } usage || usage.Count("prompt_tokens") is not { } prompt)
        {
            return null;
        }

        return new UsageDetails
        {
            InputTokenCount = prompt,
            // Embeddings have none.
            OutputTokenCount = usage.Count("completion_tokens") ?? 0,
            CachedInputTokenCount = usage.Member("prompt_tokens_details")?.Count("cached_tokens") ?? usage.Count("prompt_cache_hit_tokens") ?? 0,
            ReasoningTokenCount = usage.Member("completion_tokens_details")?.Count("reasoning_tokens") ?? usage.Count("reasoning_tokens") ?? 0,
        };
    }

    /// <summary>What vendors of this protocol call the end of an answer; what none of ours is, is passed on as they say it.</summary>
    public static ChatFinishReason Finish(string? reason, bool hasCalls) => reason switch
    {
        null or "" or "stop" or "eos" or "end_turn" or "COMPLETE" => hasCalls ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
        "length" or "max_tokens" or "MAX_TOKENS" => ChatFinishReason.Length,
        "tool_calls" or "function_call" or "tool_use" => ChatFinishReason.ToolCalls,
        "content_filter" or "safety" or "SAFETY" => ChatFinishReason.ContentFilter,
        { Length: > 64 } => new ChatFinishReason("other"),
        _ => new ChatFinishReason(reason),
    };

    /// <summary>Text is a string, or parts as some make them; reasoning has gone by two names.</summary>
    public static void AddText(ChatMessage message, JsonElement said)
    {
        if ((said.Text("reasoning_content") ?? said.Text("reasoning")) is { Length: > 0 } thought)
        {
            message.Contents.Add(new TextReasoningContent(thought));
        }

        if (said.Text("content") is { Length: > 0 } text)
        {
            message.Contents.Add(new TextContent(text));
        }

        foreach (var part in said.Items("content"))
        {
            if (part.Text("text") is { Length: > 0 } piece)
            {
                message.Contents.Add(new TextContent(piece));
            }
        }
    }

    /// <summary>JSON in a string, as the protocol says, or as it stands, as some do it.</summary>
    public static string Arguments(JsonElement function) => function.Member("arguments") switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { } json => json.GetRawText(),
    };
}
