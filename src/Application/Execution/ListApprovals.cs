using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>What people were asked, the newest first.</summary>
/// <param name="Status">pending, approved, rejected, expired or canceled.</param>
/// <param name="Run">Those of one run.</param>
/// <param name="Mine">Only what is assigned to the caller or to one of their teams.</param>
[Requires("runs:read")]
public sealed record ListApprovals(PageRequest Page, string? Status = null, Guid? Run = null, bool Mine = false) : IQuery<Page<ApprovalView>>, IValidate
{
    static readonly string[] Statuses = ["pending", "approved", "rejected", "expired", "canceled"];

    public IEnumerable<FieldError> Validate() => Status is null || Statuses.Contains(Status, StringComparer.Ordinal)
        ? Page.Validate()
        : Page.Validate().Append(new FieldError("/status", "unknown_status", $"A status is one of {string.Join(", ", Statuses)}."));
}
