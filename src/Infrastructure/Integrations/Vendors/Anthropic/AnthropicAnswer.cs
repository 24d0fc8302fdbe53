using System.Text.Json;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Anthropic;

/// <summary>Reads a message.</summary>
static class AnthropicAnswer
{
    public static ChatResponse Read(VendorEndpoint endpoint, JsonElement root)
    {
        if (root.Text("type") == "error" && root.Member("error") is { } error)
        {
            throw VendorProblem.Read(endpoint, error);
        }

        if (root.Member("content") is not { ValueKind: JsonValueKind.Array })
        {
            throw VendorErrors.Invalid(endpoint.Vendor, "it has no content.");
        }

        var message = new ChatMessage { Role = ChatRole.Assistant };
        foreach (var block in root.Items("content"))
        {
            if (Content(block, block.Member("input") is { } input ? input.GetRawText() : "", block.Text("signature")) is { } content)
            {
                message.Contents.Add(content);
            }
        }

        return new ChatResponse(message)
        {
            ModelId = root.Text("model"),
            ResponseId = root.Text("id"),
            FinishReason = Finish(root.Text("stop_reason")),
            Usage = Usage(root.Member("usage"), null),
        };
    }

    /// <summary>One block; null for kinds that only vendors' own tools make.</summary>
    public static AIContent? Content(JsonElement block, string input, string? signature) => block.Text("type") switch
    {
        "text" => new TextContent(block.Text("text")),
        "thinking" => new TextReasoningContent(block.Text("thinking")) { ProtectedData = signature },
        "redacted_thinking" => new TextReasoningContent("") { ProtectedData = block.Text("data") },
        "tool_use" => ToolCalls.Read(block.Text("id"), block.Text("name"), input),
        _ => null,
    };

    /// <summary>Input that was read from the cache or written to it is counted beside the rest; here it is part of the whole.</summary>
    /// <param name="before">What was known until now: a stream tells the input first and the output in the end.</param>
    public static UsageDetails? Usage(JsonElement? counted, UsageDetails? before)
    {
        if (counted is not { ValueKind: JsonValueKind.Object } usage)
        {
            return before;
        }

        var fresh = usage.Count("input_tokens");
        var cached = usage.Count("cache_read_input_tokens") ?? before?.CachedInputTokenCount ?? 0;
        return new UsageDetails
        {
            InputTokenCount = fresh is null ? before?.InputTokenCount : fresh + cached + (usage.Count("cache_creation_input_tokens") ?? 0),
            OutputTokenCount = usage.Count("output_tokens") ?? before?.OutputTokenCount,
            CachedInputTokenCount = cached,
            ReasoningTokenCount = usage.Member("output_tokens_details")?.Count("thinking_tokens") ?? before?.ReasoningTokenCount ?? 0,
        };
    }

    public static ChatFinishReason Finish(string? reason) => reason switch
    {
        null or "end_turn" or "stop_sequence" or "pause_turn" => ChatFinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => ChatFinishReason.Length,
        "tool_use" => ChatFinishReason.ToolCalls,
        "refusal" => ChatFinishReason.ContentFilter,
        { Length: > 64 } => new ChatFinishReason("other"),
        _ => new ChatFinishReason(reason),
    };
}
