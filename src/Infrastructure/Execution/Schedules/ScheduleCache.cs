using System.Collections.Concurrent;
using System.Text.Json;
using AgentPlatform.Domain.Execution.Schedules;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Engine;

namespace AgentPlatform.Infrastructure.Execution.Schedules;

/// <summary>Expressions and input mappings as they are used again and again; both depend on nothing but their text.</summary>
sealed class ScheduleCache(InputMappings mappings)
{
    /// <summary>A few hundred bytes each; past this the cache starts afresh.</summary>
    const int MaxKept = 50_000;

    readonly ConcurrentDictionary<(string Cron, string TimeZone), Result<FireTimes>> times = new();
    readonly ConcurrentDictionary<string, ValueTemplate> inputs = new(StringComparer.Ordinal);

    public Result<FireTimes> Times(string cron, string timeZone)
    {
        if (times.TryGetValue((cron, timeZone), out var known))
        {
            return known;
        }

        return Keep(times, (cron, timeZone), ZoneClock.Find(timeZone) is { } clock
            ? CronExpression.Parse(cron).Map(expression => new FireTimes(expression, clock))
            : Error.Invalid("/time_zone", "unknown_time_zone", "The time zone is not known here."));
    }

    public ValueTemplate Input(string mapping)
    {
        if (inputs.TryGetValue(mapping, out var known))
        {
            return known;
        }

        using var document = JsonDocument.Parse(mapping);
        return Keep(inputs, mapping, mappings.Compile(document.RootElement.Clone()));
    }

    static TValue Keep<TKey, TValue>(ConcurrentDictionary<TKey, TValue> cache, TKey key, TValue value)
        where TKey : notnull
    {
        if (cache.Count >= MaxKept)
        {
            cache.Clear();
        }

        cache[key] = value;
        return value;
    }
}
