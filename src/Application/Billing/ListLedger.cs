using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Billing;

/// <summary>The ledger's entries, those of the latest runs first.</summary>
/// <param name="Service"><c>vendor/service</c>.</param>
/// <param name="Since">Of when it was used, not of when the run began.</param>
[Requires("billing:read")]
public sealed record ListLedger(
    PageRequest Page, Guid? RunId = null, Guid? AgentId = null, Guid? UserId = null, string? Service = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null)
    : IQuery<Page<LedgerEntry>>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
    [
        .. Page.Validate(),
        .. Service is { } service && (service.Length > 200 || service.Contains('\0', StringComparison.Ordinal))
            ? [new FieldError("/service", "length", "A service has at most 200 characters, and no NUL.")] : (IEnumerable<FieldError>)[],
    ];
}

/// <param name="SourceKind">step; or reversal: an entry below zero, which takes back the one that <paramref name="SourceId"/> names.</param>
/// <param name="IsEstimated">The vendor did not say what was used; it was counted by us.</param>
/// <param name="Reason">Of a reversal.</param>
public sealed record LedgerEntry(
    Guid Id,
    string SourceKind,
    Guid SourceId,
    Guid? RunId,
    Guid? StepId,
    Guid? UserId,
    Guid? AgentId,
    Guid? ApiKeyId,
    string Service,
    long TokensPrompt,
    long TokensCompletion,
    long TokensCached,
    long TokensReasoning,
    long Units,
    long ApiCalls,
    long CostMicros,
    string Currency,
    bool IsEstimated,
    string? Reason,
    DateTimeOffset OccurredAt);
