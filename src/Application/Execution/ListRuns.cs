using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>The tenant's runs, the newest first.</summary>
/// <param name="Agent">Id or slug.</param>
/// <param name="Trigger">Id of the trigger.</param>
/// <param name="Since">Queued at or after this instant.</param>
/// <param name="Until">Queued before this instant.</param>
/// <param name="ErrorCode">Code of the run's error: <c>poisoned</c> lists the runs that are kept for inspection.</param>
/// <param name="Test">Only test runs of drafts, or only the others.</param>
[Requires("runs:read")]
public sealed record ListRuns(
    PageRequest Page, string? Agent = null, string? Status = null, Guid? Trigger = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null,
    string? ErrorCode = null, bool? Test = null)
    : IQuery<Page<RunSummary>>, IValidate
{
    static readonly string[] Statuses = ["queued", "running", "waiting", "paused", "succeeded", "failed", "canceled"];

    public IEnumerable<FieldError> Validate()
    {
        if (Status is not null && !Statuses.Contains(Status, StringComparer.Ordinal))
        {
            yield return new FieldError("/status", "unknown_status", $"A status is one of {string.Join(", ", Statuses)}.");
        }

        if (ErrorCode is { } code && (code.Length is 0 or > 128 || code.Contains('\0', StringComparison.Ordinal)))
        {
            yield return new FieldError("/error_code", "invalid_error_code", "An error code has 1 to 128 characters.");
        }

        foreach (var fault in Page.Validate())
        {
            yield return fault;
        }
    }
}
