using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Shared;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Api.Mcp;

/// <summary>What a run came to, as a tool's result.</summary>
static class RunResults
{
    public static CallToolResult Of(RunView run)
    {
        if (run.Status != "succeeded")
        {
            var why = run.Error is { ValueKind: JsonValueKind.Object } error && error.TryGetProperty("message", out var message) ? message.GetString() : null;
            return Failed($"The run {run.Id} is {run.Status}. {why}".TrimEnd(), run.Id);
        }

        var output = run.Output ?? default;
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = output.ValueKind switch { JsonValueKind.Undefined => "null", JsonValueKind.String => output.GetString()!, _ => output.GetRawText() } }],
            StructuredContent = output.ValueKind is JsonValueKind.Object ? output : null,
            Meta = About(run.Id),
        };
    }

    public static CallToolResult Failed(string text, Guid? run) => new()
    {
        Content = [new TextContentBlock { Text = text }],
        IsError = true,
        Meta = run is { } id ? About(id) : null,
    };

    public static string Explain(Error error) =>
        error.Fields.Count == 0 ? error.Message : string.Join('\n', error.Fields.Select(field => $"{field.Pointer}: {field.Message}").Prepend(error.Message).Distinct());

    static JsonObject About(Guid run) => new() { ["agentplatform/run_id"] = run.ToString() };
}
