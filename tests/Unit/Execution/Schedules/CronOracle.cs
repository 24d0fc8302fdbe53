using System.Runtime.InteropServices;

namespace AgentPlatform.Unit.Execution.Schedules;

/// <summary>
/// The clock of a zone, read minute by minute over some years, and what fires at each reading: no arithmetic on expressions, no search.
/// It shares nothing with the product but the machine's time zones.
/// </summary>
sealed class CronOracle
{
    /// <summary>Of a schedule that fires all the time so many are looked at: nine months from the middle of a summer.</summary>
    public const int Most = 400_000;

    static readonly DateTime Start = new(2020, 8, 1, 0, 0, 0, DateTimeKind.Utc);

    readonly DateTime end;

    /// <summary>Every reading that any clock can show, from a day before to a day after.</summary>
    readonly Reading[] all;

    /// <summary>What the clock shows at each minute: the place in <see cref="all"/>.</summary>
    readonly int[] shown;

    public CronOracle(string zone, int years)
    {
        end = Start.AddYears(years);
        shown = new int[(int)(end - Start).TotalMinutes];
        all = [.. Enumerable.Range(-1440, shown.Length + 2880).Select(minute => new Reading(Start.AddMinutes(minute)))];
        var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
        for (var minute = 0; minute < shown.Length; minute++)
        {
            // Clocks change on a quarter of an hour.
            shown[minute] = minute % 15 == 0 ? minute + 1440 + (int)info.GetUtcOffset(Start.AddMinutes(minute)).TotalMinutes : shown[minute - 1] + 1;
        }
    }

    public static DateTimeOffset From => new(Start.AddDays(1));

    public DateTimeOffset Until => new(end.AddDays(-1));

    public IEnumerable<DateTimeOffset> Fires(CronSample sample)
    {
        var highest = shown[0] - 1;
        for (var minute = 0; minute < shown.Length; minute++)
        {
            var reading = shown[minute];
            if (reading == highest + 1 && !sample.Minute.Holds[all[reading].Minute])
            {
                // The usual minute: neither repeated nor after a jump, and not named.
                highest = reading;
                continue;
            }

            var fires = (reading > highest || sample.RunsEveryHour) && sample.Names(all[reading]);
            for (var leftOut = highest + 1; leftOut < reading && !fires; leftOut++)
            {
                fires = sample.Names(all[leftOut]);
            }

            highest = Math.Max(highest, reading);
            if (fires && new DateTimeOffset(Start.AddMinutes(minute)) is var at && at > From && at <= Until)
            {
                yield return at;
            }
        }
    }
}

/// <summary>What a clock and a calendar show.</summary>
[StructLayout(LayoutKind.Auto)]
readonly struct Reading(DateTime at)
{
    public readonly byte Minute = (byte)at.Minute;
    public readonly byte Hour = (byte)at.Hour;
    public readonly byte Day = (byte)at.Day;
    public readonly byte Month = (byte)at.Month;
    public readonly byte Weekday = (byte)at.DayOfWeek;
}

/// <summary>An expression with what each field was made to mean, value by value.</summary>
sealed record CronSample(CronSampleField Minute, CronSampleField Hour, CronSampleField Day, CronSampleField Month, CronSampleField Weekday)
{
    public string Text => $"{Minute.Text} {Hour.Text} {Day.Text} {Month.Text} {Weekday.Text}";

    public bool RunsEveryHour => Hour.Values.Count == 24;

    public bool Names(in Reading reading)
    {
        if (!Minute.Holds[reading.Minute] || !Hour.Holds[reading.Hour] || !Month.Holds[reading.Month])
        {
            return false;
        }

        var (day, weekday) = (Day.Holds[reading.Day], Weekday.Holds[reading.Weekday]);

        // crontab(5): "if both fields are restricted (i.e., do not contain the * character), the command will be run when either field matches".
        return Day.Text.StartsWith('*') || Weekday.Text.StartsWith('*') ? day && weekday : day || weekday;
    }

    public override string ToString() => Text;
}

sealed record CronSampleField(string Text, IReadOnlySet<int> Values)
{
    public bool[] Holds { get; } = [.. Enumerable.Range(0, 64).Select(Values.Contains)];
}
