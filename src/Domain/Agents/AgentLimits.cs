using System.Text.Json;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Agents;

/// <summary>The bounds of an agent's runs; a member that is missing means the platform's own bound.</summary>
/// <param name="TimeoutMs">Milliseconds a run may take.</param>
/// <param name="MaxIterations">Turns of a model that calls tools, and of loops.</param>
/// <param name="MaxConcurrency">Runs of this agent at the same time.</param>
/// <param name="BudgetMicros">Cost of one run in millionths of the tenant's currency.</param>
/// <param name="Rate">How often its runs may start.</param>
public sealed record AgentLimits(long? TimeoutMs = null, long? MaxIterations = null, long? MaxConcurrency = null, long? BudgetMicros = null, AgentRate? Rate = null)
{
    /// <summary>Messages of a conversation that a run is given; see <see cref="AgentMemory"/>, as for the two that follow.</summary>
    public long? HistoryMessages { get; init; }

    public long? HistoryTokens { get; init; }

    public long? SummarizeAfter { get; init; }

    const string RateLimit = "rate_limit";

    static readonly (string Name, long Min, long Max)[] Bounds =
    [
        ("timeout_ms", 1, 30L * 24 * 3600 * 1000),
        ("max_iterations", 1, 1000),
        ("max_concurrency", 1, 100_000),
        ("budget_micros", 0, 1_000_000_000_000_000),
        ("history_messages", 1, 200),
        ("history_tokens", 100, 1_000_000),
        ("summarize_after", 2, 200),
    ];

    /// <summary>Reads what <see cref="Check"/> found in order.</summary>
    public static AgentLimits Read(JsonElement limits)
    {
        return new AgentLimits(Number("timeout_ms"), Number("max_iterations"), Number("max_concurrency"), Number("budget_micros"), AgentRate.Read(limits))
        {
            HistoryMessages = Number("history_messages"),
            HistoryTokens = Number("history_tokens"),
            SummarizeAfter = Number("summarize_after"),
        };

        long? Number(string name) => limits.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : null;
    }

    public static IEnumerable<FieldError> Check(string pointer, JsonElement limits)
    {
        if (limits.ValueKind != JsonValueKind.Object)
        {
            yield return new FieldError(pointer, "wrong_type", "This is an object.");
            yield break;
        }

        foreach (var member in limits.EnumerateObject())
        {
            var bound = Array.Find(Bounds, b => b.Name == member.Name);
            if (member.Name == RateLimit)
            {
                foreach (var fault in AgentRate.Check($"{pointer}/{RateLimit}", member.Value))
                {
                    yield return fault;
                }
            }
            else if (bound.Name is null)
            {
                yield return new FieldError(FieldChecks.At(pointer, member.Name), "unknown_field", $"A limit is one of: {string.Join(", ", Bounds.Select(b => b.Name))}, {RateLimit}.");
            }
            else if (member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetInt64(out var number) || number < bound.Min || number > bound.Max)
            {
                yield return new FieldError($"{pointer}/{bound.Name}", "out_of_range", $"A whole number between {bound.Min} and {bound.Max}.");
            }
        }
    }
}
