using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>A span of time as a graph writes it: <c>"200ms"</c>, <c>"10s"</c>, <c>"1.5m"</c>, <c>"1h"</c>, <c>"30d"</c>, or a whole number of milliseconds.</summary>
public static partial class Duration
{
    public static TimeSpan Hour { get; } = TimeSpan.FromHours(1);

    /// <summary>Null when the member is missing or refused; a refusal is reported.</summary>
    internal static TimeSpan? Read(ObjectFields fields, string name, TimeSpan min, TimeSpan max)
    {
        if (fields.Value(name) is not { } value)
            return null;
        if (Parse(value) is { } span && span >= min && span <= max)
            return span;

        var lowest = min == TimeSpan.Zero ? "0" : "1ms";
        fields.Report(name, GraphProblemCodes.InvalidDuration, $"'{name}' must be a time from {lowest} to 1h, like \"200ms\", \"10s\", \"2m\" or \"1h\" (a plain number counts milliseconds).");
        return null;
    }

    /// <summary>Null for what is no span of time.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (Text().Match(text) is not { Success: true } match)
            return null;

        // Nine digits and three decimals of an hour are far inside a TimeSpan.
        var amount = double.Parse(match.Groups["amount"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(amount),
            "s" => TimeSpan.FromSeconds(amount),
            "m" => TimeSpan.FromMinutes(amount),
            "h" => TimeSpan.FromHours(amount),
            _ => amount < 1_000_000 ? TimeSpan.FromDays(amount) : null,
        };
    }

    internal static TimeSpan? Parse(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetDecimal(out var milliseconds) && decimal.IsInteger(milliseconds) && Math.Abs(milliseconds) < 1e12m
            ? TimeSpan.FromMilliseconds((long)milliseconds) : null,
        JsonValueKind.String => Parse(value.GetString()!),
        _ => null,
    };

    [GeneratedRegex(@"^(?<amount>[0-9]{1,9}(\.[0-9]{1,3})?)(?<unit>ms|s|m|h|d)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Text();
}
