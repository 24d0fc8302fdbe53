using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Api.Mcp;

/// <summary>A task of the extension <c>io.modelcontextprotocol/tasks</c>, as an answer to <c>tools/call</c> and to <c>tasks/get</c>.</summary>
sealed class McpTask : Result
{
    public required string TaskId { get; init; }

    /// <summary>working, input_required, completed or cancelled; never failed, for a run that fails is a tool's error.</summary>
    public required string Status { get; init; }

    public string? StatusMessage { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>From its creation; null (said, not left out) while it goes on, for then it does not expire.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? TtlMs { get; init; }

    public int PollIntervalMs { get; init; }

    /// <summary>What the call would have answered.</summary>
    [JsonPropertyName("result")]
    public JsonNode? Outcome { get; init; }

    /// <summary>What it waits for, by the name under which <c>tasks/update</c> answers.</summary>
    public JsonObject? InputRequests { get; init; }

    public JsonNode ToNode() => JsonSerializer.SerializeToNode(this, McpTaskJson.Default.McpTask)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(McpTask))]
sealed partial class McpTaskJson : JsonSerializerContext;
