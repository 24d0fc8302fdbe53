using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>A span of time as a graph writes it: <c>"200ms"</c>, <c>"10s"</c>, <c>"1.5m"</c>, <c>"1h"</c>, or a whole number of milliseconds.</summary>
static partial class Duration
{
    public static TimeSpan Hour { get; } = TimeSpan.FromHours(1);

    /// <summary>Null when the member is missing or refused; a refusal is reported.</summary>
    public static TimeSpan? Read(ObjectFields fields, string name, TimeSpan min, TimeSpan max)
    {
        if (fields.Value(name) is not { } value)
            return null;
        if (Parse(value) is { } span && span >= min && span <= max)
            return span;

        var lowest = min == TimeSpan.Zero ? "0" : "1ms";
        fields.Report(name, GraphProblemCodes.InvalidDuration, $"'{name}' must be a time from {lowest} to 1h, like \"200ms\", \"10s\", \"2m\" or \"1h\" (a plain number counts milliseconds).");
        return null;
    }

    static TimeSpan? Parse(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
            return value.TryGetDecimal(out var milliseconds) && decimal.IsInteger(milliseconds) && Math.Abs(milliseconds) < int.MaxValue ? TimeSpan.FromMilliseconds((int)milliseconds) : null;
        if (value.ValueKind != JsonValueKind.String || Text().Match(value.GetString()!) is not { Success: true } match)
            return null;

        // Nine digits and three decimals of an hour are far inside a TimeSpan.
        var amount = double.Parse(match.Groups["amount"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(amount),
            "s" => TimeSpan.FromSeconds(amount),
            "m" => TimeSpan.FromMinutes(amount),
            _ => TimeSpan.FromHours(amount),
        };
    }

    [GeneratedRegex(@"^(?<amount>[0-9]{1,9}(\.[0-9]{1,3})?)(?<unit>ms|s|m|h)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Text();
}
