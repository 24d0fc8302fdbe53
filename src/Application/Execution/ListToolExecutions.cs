using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>What models called, the newest first.</summary>
/// <param name="Run">Of one run.</param>
/// <param name="Agent">Id or slug.</param>
/// <param name="Tool">As the model names it.</param>
/// <param name="Status">One of <see cref="Statuses"/>.</param>
[Requires("runs:read")]
public sealed record ListToolExecutions(PageRequest Page, Guid? Run = null, string? Agent = null, string? Tool = null, string? Status = null)
    : IQuery<Page<ToolExecutionView>>, IValidate
{
    /// <summary>pending: a person is asked whether it may be made.</summary>
    public static readonly IReadOnlyList<string> Statuses = ["pending", "running", "succeeded", "failed", "timeout", "canceled"];

    public IEnumerable<FieldError> Validate()
    {
        if (Status is not null && !Statuses.Contains(Status, StringComparer.Ordinal))
        {
            yield return new FieldError("/status", "unknown_status", $"A status is one of {string.Join(", ", Statuses)}.");
        }

        if (Tool is { } tool && (tool.Length is 0 or > 255 || tool.Contains('\0', StringComparison.Ordinal)))
        {
            yield return new FieldError("/tool", "invalid_tool", "The name of a tool has 1 to 255 characters.");
        }

        foreach (var fault in Page.Validate())
        {
            yield return fault;
        }
    }
}
