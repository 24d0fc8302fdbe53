namespace AgentPlatform.Domain.Execution.Schedules;

/// <summary>What one field of a cron expression may hold.</summary>
/// <param name="Name">As messages call it, in the singular.</param>
/// <param name="Names">Three-letter names, the first for <paramref name="Min"/>; empty when the field has none.</param>
sealed record CronField(string Name, int Min, int Max, IReadOnlyList<string> Names)
{
    static readonly string[] MonthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    public static readonly CronField Second = new("second", 0, 59, []);
    public static readonly CronField Minute = new("minute", 0, 59, []);
    public static readonly CronField Hour = new("hour", 0, 23, []);
    public static readonly CronField Day = new("day of the month", 1, 31, []);
    public static readonly CronField Month = new("month", 1, 12, MonthNames);

    /// <summary>0 is Sunday, and so is 7.</summary>
    public static readonly CronField Weekday = new("day of the week", 0, 7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]);

    /// <summary>Quartz counts from 1, which is Sunday.</summary>
    public static readonly CronField QuartzWeekday = Weekday with { Min = 1, Max = 7 };

    public static readonly CronField Year = new("year", 1970, 2199, []);

    public static readonly IReadOnlyList<CronField> Crontab = [Minute, Hour, Day, Month, Weekday];

    /// <summary>With seconds, and with a year when there are seven.</summary>
    public static readonly IReadOnlyList<CronField> Quartz = [Second, Minute, Hour, Day, Month, QuartzWeekday, Year];

    public bool IsDay => Max == 31;

    public bool IsWeekday => Max == 7;

    /// <summary>How many values there are, Sunday counted once.</summary>
    public int Count => IsWeekday ? 7 : Max - Min + 1;

    public int? ValueOf(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (name.Equals(Names[i], StringComparison.OrdinalIgnoreCase))
            {
                return Min + i;
            }
        }

        return null;
    }
}
