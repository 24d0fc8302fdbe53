using System.Text.RegularExpressions;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Domain.Execution;

/// <summary>What a <c>wait</c> waits for, its parameters evaluated.</summary>
/// <param name="Signal">The signal's name; null where only time counts.</param>
/// <param name="DueAt">When it is over: by itself, or because no signal came. Null: whenever the signal comes.</param>
public sealed partial record WaitTerms(string? Signal, DateTimeOffset? DueAt)
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <param name="startedAt">When the step began, by the database's clock: the same after every restart.</param>
    public static (WaitTerms? Terms, SkillError? Refusal) Read(Datum with, DateTimeOffset startedAt)
    {
        var (span, until, signal) = (Member(with, "for"), Member(with, "until"), Member(with, "signal"));
        if (new[] { span, until, signal }.Count(member => !member.IsNull) != 1)
        {
            return Refused("A wait has exactly one of for, until and signal.");
        }

        if (!span.IsNull)
        {
            return Length(span) is { } length ? (new WaitTerms(null, startedAt + length), null) : Refused(SpanRule("for"));
        }

        if (!until.IsNull)
        {
            return until.Kind is DatumKind.String && Moment.Parse(until.GetString())?.ToUniversalTime() is { } at && at - startedAt <= Longest
                ? (new WaitTerms(null, at), null)
                : Refused("The until of a wait is a time like 2026-01-31T09:00:00Z, at most 365 days ahead.");
        }

        if (signal.Kind is not DatumKind.String || !SignalName().IsMatch(signal.GetString()))
        {
            return Refused("A signal's name has 1 to 128 letters, digits, dots, underscores and hyphens.");
        }

        var patience = Member(with, "timeout");
        return patience.IsNull ? (new WaitTerms(signal.GetString(), null), null)
            : Length(patience) is { } limit ? (new WaitTerms(signal.GetString(), startedAt + limit), null)
            : Refused(SpanRule("timeout"));
    }

    /// <summary>A span of at most 365 days: a text like <c>10s</c>, or milliseconds. Null for anything else.</summary>
    public static TimeSpan? Length(Datum value)
    {
        var length = value.Kind switch
        {
            DatumKind.String => Duration.Parse(value.GetString()),
            DatumKind.Number when value.GetDouble() is >= 0 and var ms && ms <= Longest.TotalMilliseconds => TimeSpan.FromMilliseconds(ms),
            _ => null,
        };
        return length <= Longest ? length : null;
    }

    static Datum Member(Datum with, string name) => with.TryGetProperty(name, out var value) ? value : default;

    static string SpanRule(string name) => $"The {name} of a wait is a time of at most 365 days, like \"90s\", \"15m\", \"36h\" or \"30d\" (a plain number counts milliseconds).";

    static (WaitTerms?, SkillError?) Refused(string message) => (null, new SkillError("invalid_with", message, SkillErrorClass.InvalidInput, Retryable: false));

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SignalName();
}
