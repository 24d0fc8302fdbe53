using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Flow;

namespace AgentPlatform.Application.Execution;

/// <summary>Changes a trigger's flow settings: what is not given stays, null takes it away.</summary>
public sealed record FlowChange(
    Optional<string> Concurrency,
    Optional<int?> MaxConcurrency,
    Optional<string> ConcurrencyKey,
    Optional<long?> DebounceMs,
    Optional<long?> DebounceMaxMs,
    Optional<string> DebounceKey,
    Optional<RateLimit> RateLimit)
{
    internal FlowSettings Over(FlowSettings before) => new(
        Concurrency.Or(before.Concurrency) ?? FlowSettings.Allow,
        MaxConcurrency.Or(before.MaxConcurrency),
        ConcurrencyKey.Or(before.ConcurrencyKey),
        DebounceMs.Or(before.DebounceMs),
        DebounceMaxMs.Or(before.DebounceMaxMs),
        DebounceKey.Or(before.DebounceKey),
        RateLimit.Or(before.RateLimit));
}
