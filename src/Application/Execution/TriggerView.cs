using System.Text.Json;
using AgentPlatform.Domain.Execution.Flow;

namespace AgentPlatform.Application.Execution;

/// <param name="Kind">webhook or manual.</param>
/// <param name="Path">Last part of the webhook's address.</param>
/// <param name="Signature">standard, github, stripe, slack or none.</param>
/// <param name="Input">How a delivery becomes the run's input: a value with expressions over <c>body</c>, <c>headers</c>, <c>query</c>; null takes the body.</param>
/// <param name="VersionId">The pinned version's id; null runs the latest.</param>
/// <param name="PreviousSecretExpiresAt">Until then deliveries signed with the former secret are accepted too.</param>
public sealed record TriggerView(
    Guid Id,
    Guid AgentId,
    string Name,
    string Kind,
    string? Path,
    string? Signature,
    JsonElement? Input,
    Guid? VersionId,
    string Concurrency,
    bool IsEnabled,
    DateTimeOffset? PreviousSecretExpiresAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int? MaxConcurrency,
    string? ConcurrencyKey,
    long? DebounceMs,
    long? DebounceMaxMs,
    string? DebounceKey,
    JsonElement? RateLimit)
{
    internal FlowSettings Flow() => new(Concurrency, MaxConcurrency, ConcurrencyKey, DebounceMs, DebounceMaxMs, DebounceKey, Domain.Execution.Flow.RateLimit.Read(RateLimit));
}

/// <summary>A trigger that was just made or given a new secret: the only answer that ever holds it.</summary>
/// <param name="Secret">Null for triggers without a signature.</param>
public sealed record TriggerWithSecret(TriggerView Trigger, string? Secret);
