using System.Text.Json;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Agents;

/// <summary>How often runs of an agent may start, whoever asks for them.</summary>
/// <param name="Limit">Runs that may start within any <paramref name="PerSeconds"/> seconds, 1 to 10 000.</param>
/// <param name="PerSeconds">1 to 86 400.</param>
/// <param name="Queues">A run that is too much starts as soon as the limit allows; otherwise it is refused with 429.</param>
public sealed record AgentRate(int Limit, int PerSeconds, bool Queues)
{
    const string Queue = "queue";
    const string Refuse = "refuse";

    static readonly (string Name, int Max)[] Numbers = [("limit", 10_000), ("per_seconds", 86_400)];

    /// <summary>Reads what <see cref="Check"/> found in order; null when there is none.</summary>
    public static AgentRate? Read(JsonElement limits) => limits.TryGetProperty("rate_limit", out var rate) && rate.ValueKind == JsonValueKind.Object
        ? new AgentRate(rate.GetProperty("limit").GetInt32(), rate.GetProperty("per_seconds").GetInt32(), rate.TryGetProperty("over", out var over) && over.ValueEquals(Queue))
        : null;

    public static IEnumerable<FieldError> Check(string pointer, JsonElement rate)
    {
        if (rate.ValueKind != JsonValueKind.Object)
        {
            yield return new FieldError(pointer, "wrong_type", "This is an object with limit, per_seconds and over.");
            yield break;
        }

        foreach (var (name, max) in Numbers)
        {
            if (!rate.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number) || number < 1 || number > max)
            {
                yield return new FieldError($"{pointer}/{name}", "out_of_range", $"A whole number between 1 and {max}.");
            }
        }

        if (rate.TryGetProperty("over", out var over) && !(over.ValueKind == JsonValueKind.String && (over.ValueEquals(Queue) || over.ValueEquals(Refuse))))
        {
            yield return new FieldError($"{pointer}/over", "unknown_over", "Over is queue or refuse.");
        }

        foreach (var member in rate.EnumerateObject().Where(member => member.Name is not ("limit" or "per_seconds" or "over")))
        {
            yield return new FieldError(FieldChecks.At(pointer, member.Name), "unknown_field", "A rate limit has limit, per_seconds and over.");
        }
    }
}
