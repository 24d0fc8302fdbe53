using System.Text;
using System.Text.Json;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Integrations.Vendors.OpenAi;

/// <summary>Puts a streamed chat completion together: text goes on at once, tool calls when they are whole.</summary>
sealed class OpenAiStream(VendorEndpoint endpoint)
{
    readonly SortedDictionary<long, Call> calls = [];
    string? finish;
    string? refusal;
    UsageDetails? usage;

    public ChatResponseUpdate? Take(JsonElement chunk)
    {
        if (chunk.Member("error") is { } error)
        {
            throw VendorProblem.Read(endpoint, error);
        }

        // Some vendors count on in every chunk; the last count is the one.
        usage = OpenAiAnswer.Usage(chunk) ?? usage;
        if (chunk.Items("choices").FirstOrDefault() is not { ValueKind: JsonValueKind.Object } choice)
        {
            return null;
        }

        finish = choice.Text("finish_reason") ?? finish;
        if (choice.Member("delta") is not { } delta)
        {
            return null;
        }

        refusal = delta.Text("refusal") is { } more ? refusal + more : refusal;
        foreach (var part in delta.Items("tool_calls"))
        {
            Add(part);
        }

        var message = new ChatMessage();
        OpenAiAnswer.AddText(message, delta);
        return message.Contents.Count == 0 ? null : new ChatResponseUpdate(ChatRole.Assistant, message.Contents) { ModelId = chunk.Text("model"), ResponseId = chunk.Text("id") };
    }

    /// <summary>What is known only in the end. A stream without an end was cut off, whatever came of it.</summary>
    public ChatResponseUpdate End()
    {
        if (finish is null)
        {
            throw VendorErrors.CutOff(endpoint.Vendor);
        }

        var update = new ChatResponseUpdate { Role = ChatRole.Assistant };
        foreach (var call in calls.Values)
        {
            update.Contents.Add(ToolCalls.Read(call.Id, call.Name, call.Arguments.ToString()));
        }

        if (refusal is not null)
        {
            update.Contents.Add(new TextContent(refusal));
        }

        if (usage is not null)
        {
            update.Contents.Add(new UsageContent(usage));
        }

        update.FinishReason = refusal is not null ? ChatFinishReason.ContentFilter : OpenAiAnswer.Finish(finish, calls.Count > 0);
        return update;
    }

    void Add(JsonElement part)
    {
        // Some vendors send each call whole and leave its number out.
        var index = part.Count("index") ?? (part.Text("id") is { } id && calls.Values.All(known => known.Id != id) ? calls.Count : Math.Max(calls.Count - 1, 0));
        if (!calls.TryGetValue(index, out var call))
        {
            if (calls.Count == ToolCalls.MaxCalls)
            {
                throw VendorErrors.Invalid(endpoint.Vendor, $"it calls more than {ToolCalls.MaxCalls} tools at once.");
            }

            calls[index] = call = new Call();
        }

        call.Id = part.Text("id") is { Length: > 0 } given ? given : call.Id;
        if (part.Member("function") is { } function)
        {
            call.Name = function.Text("name") is { Length: > 0 } name ? name : call.Name;
            call.Arguments.Append(OpenAiAnswer.Arguments(function));
        }
    }

    sealed class Call
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
