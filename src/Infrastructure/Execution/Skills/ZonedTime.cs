using System.Globalization;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>Moments and wall clocks in IANA time zones.</summary>
static partial class ZonedTime
{
    static readonly string[] Local = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    /// <summary>Null for what is no zone of this machine's database.</summary>
    public static TimeZoneInfo? Zone(string? name) => name is not null && Name().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>A moment, or a wall clock in the zone.</summary>
    /// <param name="format">The pattern of the text; null for RFC 3339, a date, or a date and a time.</param>
    /// <exception cref="FormatException">The format is no pattern.</exception>
    public static DateTimeOffset? Parse(string text, string? format, TimeZoneInfo zone)
    {
        if (format is null && Moment.Parse(text) is { } moment)
        {
            return moment;
        }

        if (format is not null && HasOffset().IsMatch(format))
        {
            return DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var exact) ? exact : null;
        }

        string[] patterns = format is null ? Local : [format.Length == 1 ? $"%{format}" : format];
        // Without a date in the pattern the parser would take today's, and the result would depend on the day.
        return DateTime.TryParseExact(text, patterns, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out var local) ? At(local, zone) : null;
    }

    /// <summary>The moment at which the zone's clocks show this. What they skip counts from before the change; of what they show twice, the first.</summary>
    public static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        var offset = zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddHours(-3))
            : zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.GetUtcOffset(local);
        return TimeZoneInfo.ConvertTime(new DateTimeOffset(local, offset), zone);
    }

    /// <summary>RFC 3339 with as many decimals as there are.</summary>
    public static string Iso(DateTimeOffset moment) =>
        moment.ToString(moment.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);

    // No dots: a zone's name is looked up as a file.
    [GeneratedRegex("^[A-Za-z0-9_+/-]{1,64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    // Outside quotes and after no backslash; a pattern with neither is what people write.
    [GeneratedRegex("""^(?:[^'"\\zK]|'[^']*'|"[^"]*"|\\.)*[zK]""", RegexOptions.CultureInvariant)]
    private static partial Regex HasOffset();
}
