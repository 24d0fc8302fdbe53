using System.Text.Json;
using AgentPlatform.Domain.Execution.Flow;

namespace AgentPlatform.Application.Execution;

/// <param name="Kind">webhook, schedule, event or manual.</param>
/// <param name="Path">Last part of the webhook's address.</param>
/// <param name="Signature">standard, github, stripe, slack or none.</param>
/// <param name="Cron">When a schedule fires: an expression of five fields (crontab), six or seven (Quartz), or <c>@daily</c> and its kin.</param>
/// <param name="TimeZone">IANA name; the expression is read on that zone's clock.</param>
/// <param name="Misfire">What becomes of times that nobody could fire: skip, once or all.</param>
/// <param name="NextFireAt">Null when the schedule names no time any more. While the trigger is disabled it stands still.</param>
/// <param name="LastFiredAt">The last scheduled time that got a run.</param>
/// <param name="LastSkippedAt">The last scheduled time that got none, for <paramref name="SkipReason"/>: the agent was inactive, the tenant suspended, the input refused, …</param>
/// <param name="Topic">The events that an event trigger waits for.</param>
/// <param name="Input">How what came becomes the run's input: a value with expressions over <c>body</c>, <c>headers</c>, <c>query</c> of a delivery,
/// <c>scheduled_at</c>, <c>fired_at</c>, <c>trigger</c> of a schedule, or <c>event</c>, <c>data</c> of an event; null takes the body, or all of these.</param>
/// <param name="VersionId">The pinned version's id; null runs the latest.</param>
/// <param name="PreviousSecretExpiresAt">Until then deliveries signed with the former secret are accepted too.</param>
public sealed record TriggerView(
    Guid Id,
    Guid AgentId,
    string Name,
    string Kind,
    string? Path,
    string? Signature,
    string? Cron,
    string? TimeZone,
    string? Misfire,
    DateTimeOffset? NextFireAt,
    DateTimeOffset? LastFiredAt,
    DateTimeOffset? LastSkippedAt,
    string? SkipReason,
    string? Topic,
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
