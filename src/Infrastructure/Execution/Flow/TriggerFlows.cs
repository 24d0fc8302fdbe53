using System.Collections.Concurrent;
using System.Text.Json;
using AgentPlatform.Domain.Execution.Flow;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>Flow settings of triggers that fire by themselves, as their rows bring them; compiled once.</summary>
sealed class TriggerFlows(FlowKeys keys)
{
    /// <summary>The settings as JSON text; null for a trigger that limits nothing, as nearly all do.</summary>
    public const string Column = """
        case when concurrency <> 'allow' or debounce_ms is not null or rate_limit is not null then json_build_object(
          'concurrency', concurrency, 'max_concurrency', max_concurrency, 'concurrency_key', concurrency_key,
          'debounce_ms', debounce_ms, 'debounce_max_ms', debounce_max_ms, 'debounce_key', debounce_key, 'rate_limit', rate_limit)::text end as flow
        """;

    const int MaxKept = 10_000;

    static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    readonly ConcurrentDictionary<(Guid TriggerId, string Settings), TriggerFlow?> known = new();

    public TriggerFlow? Of(Guid triggerId, string? settings)
    {
        if (settings is null)
        {
            return null;
        }

        if (known.Count >= MaxKept)
        {
            known.Clear();
        }

        return known.GetOrAdd((triggerId, settings), key => TriggerFlow.Of(key.TriggerId, JsonSerializer.Deserialize<FlowSettings>(key.Settings, Names)!, keys));
    }
}
