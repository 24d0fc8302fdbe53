using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>The tenant's runs, the newest first.</summary>
/// <param name="Agent">Id or slug.</param>
/// <param name="Trigger">Id of the trigger.</param>
/// <param name="Since">Queued at or after this instant.</param>
/// <param name="Until">Queued before this instant.</param>
[Requires("runs:read")]
public sealed record ListRuns(
    PageRequest Page, string? Agent = null, string? Status = null, Guid? Trigger = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null)
    : IQuery<Page<RunSummary>>, IValidate
{
    static readonly string[] Statuses = ["queued", "running", "waiting", "paused", "succeeded", "failed", "canceled"];

    public IEnumerable<FieldError> Validate() => Status is null || Statuses.Contains(Status, StringComparer.Ordinal)
        ? Page.Validate()
        : Page.Validate().Append(new FieldError("/status", "unknown_status", $"A status is one of {string.Join(", ", Statuses)}."));
}
