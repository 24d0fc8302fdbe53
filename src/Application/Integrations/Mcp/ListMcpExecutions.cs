using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>What was called at a server, by models, graphs and people; the newest first.</summary>
/// <param name="Tool">By its name.</param>
/// <param name="Status">One of <see cref="Statuses"/>.</param>
/// <param name="Run">Of one run.</param>
[Requires("mcp:read")]
public sealed record ListMcpExecutions(string Server, PageRequest Page, string? Tool = null, string? Status = null, Guid? Run = null) : IQuery<Page<McpExecutionView>>, IValidate
{
    public static readonly IReadOnlyList<string> Statuses = ["succeeded", "failed", "timeout", "canceled"];

    public IEnumerable<FieldError> Validate()
    {
        if (Status is not null && !Statuses.Contains(Status, StringComparer.Ordinal))
        {
            yield return new FieldError("/status", "unknown_status", $"A status is one of {string.Join(", ", Statuses)}.");
        }

        if (Tool is { } tool && (tool.Length is 0 or > 128 || tool.Contains('\0', StringComparison.Ordinal)))
        {
            yield return new FieldError("/tool", "invalid_tool", "The name of a tool has 1 to 128 characters.");
        }

        foreach (var fault in Page.Validate())
        {
            yield return fault;
        }
    }
}

/// <summary>One call of a tool. Secrets of the server are masked in what is shown.</summary>
/// <param name="RequestId">The same for every attempt of a step.</param>
/// <param name="RunId">Null for a call by hand.</param>
/// <param name="ToolHash">Of the definition under which it was called.</param>
/// <param name="Output">What came back; an object that says how much it was, where that is more than 64 KiB.</param>
/// <param name="ServerInstance">The connection: name and version that the server gave.</param>
public sealed record McpExecutionView(
    Guid Id, string? RequestId, Guid? RunId, Guid? AgentId, Guid? UserId, string ToolName, string? ToolHash, JsonElement? Input, JsonElement? Output, string Status,
    string? ErrorCode, string? ErrorMessage, string? ServerInstance, int DurationMs, DateTimeOffset StartedAt, DateTimeOffset CompletedAt);
