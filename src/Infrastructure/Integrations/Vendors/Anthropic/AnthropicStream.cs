using System.Text;
using System.Text.Json;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.Anthropic;

/// <summary>Puts a streamed message together: text goes on at once, everything else when its block is whole.</summary>
sealed class AnthropicStream(VendorEndpoint endpoint)
{
    readonly Dictionary<long, Block> blocks = [];
    UsageDetails? usage;
    string? stop;
    bool isWhole;

    public ChatResponseUpdate? Take(JsonElement data)
    {
        switch (data.Text("type"))
        {
            case "message_start":
                usage = AnthropicAnswer.Usage(data.Member("message")?.Member("usage"), usage);
                // Told at once: should the stream break off, the question's price is known.
                return usage?.InputTokenCount is { } input
                    ? new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = input })]) { ModelId = data.Member("message")?.Text("model") }
                    : null;
            case "content_block_start":
                Open(data);
                return null;
            case "content_block_delta":
                return Grow(data);
            case "content_block_stop":
                return Close(data);
            case "message_delta":
                stop = data.Member("delta")?.Text("stop_reason") ?? stop;
                usage = AnthropicAnswer.Usage(data.Member("usage"), usage);
                return null;
            case "message_stop":
                isWhole = true;
                return null;
            case "error":
                throw VendorProblem.Read(endpoint, data.Member("error") ?? data);
            default:
                return null;
        }
    }

    /// <summary>What is known only in the end. A stream without an end was cut off, whatever came of it.</summary>
    public ChatResponseUpdate End()
    {
        if (!isWhole)
        {
            throw VendorErrors.CutOff(endpoint.Vendor);
        }

        var update = new ChatResponseUpdate { Role = ChatRole.Assistant, FinishReason = AnthropicAnswer.Finish(stop) };
        if (usage is not null)
        {
            // The input was told at the start, and updates are added up.
            update.Contents.Add(new UsageContent(new UsageDetails
            {
                OutputTokenCount = usage.OutputTokenCount,
                CachedInputTokenCount = usage.CachedInputTokenCount,
                ReasoningTokenCount = usage.ReasoningTokenCount,
            }));
        }

        return update;
    }

    void Open(JsonElement data)
    {
        if (blocks.Count == ToolCalls.MaxCalls * 2)
        {
            throw VendorErrors.Invalid(endpoint.Vendor, "it has too many parts.");
        }

        if (data.Member("content_block") is { } start)
        {
            blocks[data.Count("index") ?? blocks.Count] = new Block(start);
        }
    }

    ChatResponseUpdate? Grow(JsonElement data)
    {
        if (data.Member("delta") is not { } delta || !blocks.TryGetValue(data.Count("index") ?? 0, out var block))
        {
            throw VendorErrors.Invalid(endpoint.Vendor, "a part of it belongs to nothing.");
        }

        switch (delta.Text("type"))
        {
            case "text_delta":
                return delta.Text("text") is { Length: > 0 } text ? new ChatResponseUpdate(ChatRole.Assistant, text) : null;
            case "input_json_delta":
                block.Text.Append(delta.Text("partial_json"));
                return null;
            case "thinking_delta":
                block.Text.Append(delta.Text("thinking"));
                return null;
            case "signature_delta":
                block.Signature += delta.Text("signature");
                return null;
            default:
                return null;
        }
    }

    ChatResponseUpdate? Close(JsonElement data)
    {
        if (!blocks.TryGetValue(data.Count("index") ?? 0, out var block))
        {
            return null;
        }

        AIContent? whole = block.Start.Text("type") switch
        {
            "text" => block.Start.Text("text") is { Length: > 0 } first ? new TextContent(first) : null,
            "thinking" => new TextReasoningContent(block.Text.ToString()) { ProtectedData = block.Signature },
            _ => AnthropicAnswer.Content(block.Start, block.Text.ToString(), block.Signature),
        };
        return whole is null ? null : new ChatResponseUpdate(ChatRole.Assistant, [whole]);
    }

    sealed class Block(JsonElement start)
    {
        public JsonElement Start { get; } = start;

        public StringBuilder Text { get; } = new();

        public string? Signature { get; set; }
    }
}
