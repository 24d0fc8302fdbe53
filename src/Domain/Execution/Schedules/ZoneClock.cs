using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace AgentPlatform.Domain.Execution.Schedules;

/// <summary>A time zone's clock: how far it is ahead of UTC, and when that changes. Years are looked through once and kept.</summary>
sealed partial class ZoneClock(TimeZoneInfo zone)
{
    static readonly ConcurrentDictionary<string, ZoneClock> Known = new(StringComparer.Ordinal);

    readonly ConcurrentDictionary<int, ClockYear> years = new();

    public string Id => zone.Id;

    /// <summary>By IANA name, as the machine's time zone database knows it; null when it does not.</summary>
    public static ZoneClock? Find(string id)
    {
        if (Known.TryGetValue(id, out var known))
        {
            return known;
        }

        return IdPattern().IsMatch(id) && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? Known.GetOrAdd(id, new ZoneClock(zone)) : null;
    }

    public TimeSpan OffsetAt(DateTime utc)
    {
        var year = Year(utc.Year);
        var offset = year.Offset;
        foreach (var change in year.Changes)
        {
            if (change.At > utc)
            {
                break;
            }

            offset = change.To;
        }

        return offset;
    }

    /// <summary>The first change after <paramref name="utc"/> and not after <paramref name="until"/>.</summary>
    public ClockChange? NextChange(DateTime utc, DateTime until)
    {
        for (var year = utc.Year; year <= until.Year; year++)
        {
            foreach (var change in Year(year).Changes)
            {
                if (change.At > utc)
                {
                    return change.At <= until ? change : null;
                }
            }
        }

        return null;
    }

    /// <summary>Whether the clocks showed the same reading before, within the hour that they repeat.</summary>
    public bool IsSecondPass(DateTime utc)
    {
        return IsRepeated(utc, Year(utc.Year)) || (utc.DayOfYear == 1 && IsRepeated(utc, Year(utc.Year - 1)));

        static bool IsRepeated(DateTime utc, ClockYear year)
        {
            foreach (var change in year.Changes)
            {
                if (change.At <= utc && utc < change.At + (change.From - change.To))
                {
                    return true;
                }
            }

            return false;
        }
    }

    ClockYear Year(int year) => years.TryGetValue(year, out var known) ? known : years.GetOrAdd(year, Look);

    /// <summary>Day by day, then by halves down to the second: no zone has changed twice within a day since 1970.</summary>
    ClockYear Look(int year)
    {
        var changes = new List<ClockChange>();
        var start = new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var day = start; day.Year == year; day = day.AddDays(1))
        {
            var (before, after) = (day, day.AddDays(1));
            var from = zone.GetUtcOffset(before);
            if (zone.GetUtcOffset(after) == from)
            {
                continue;
            }

            while (after - before > TimeSpan.FromSeconds(1))
            {
                var middle = before.AddSeconds(Math.Floor((after - before).TotalSeconds / 2));
                (before, after) = zone.GetUtcOffset(middle) == from ? (middle, after) : (before, middle);
            }

            changes.Add(new ClockChange(after, from, zone.GetUtcOffset(after)));
        }

        return new ClockYear(zone.GetUtcOffset(start), [.. changes]);
    }

    // The system looks names up as files: nothing but a name may get there.
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z0-9_+-]{1,31}){0,2}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex IdPattern();
}

/// <param name="Offset">As the year begins.</param>
sealed record ClockYear(TimeSpan Offset, ClockChange[] Changes);

/// <param name="At">The first instant (UTC) of the new offset.</param>
/// <param name="From">The offset before.</param>
/// <param name="To">The offset from then on: greater when readings are left out, less when they are repeated.</param>
sealed record ClockChange(DateTime At, TimeSpan From, TimeSpan To);
