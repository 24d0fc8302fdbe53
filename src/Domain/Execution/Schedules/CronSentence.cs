using System.Globalization;
using System.Numerics;

namespace AgentPlatform.Domain.Execution.Schedules;

/// <summary>An expression in words: "At 09:30 on Monday to Friday".</summary>
static class CronSentence
{
    static readonly string[] Weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    static readonly string[] Numbers = ["last", "first", "second", "third", "fourth", "fifth"];

    public static string Of(CronExpression expression) => expression.Every is { } every
        ? $"Every {Span(every)}, counted from 1970-01-01 00:00 UTC"
        : string.Concat(Time(expression), Days(expression.Days), Months(expression), Years(expression));

    static string Time(CronExpression e)
    {
        var (seconds, minutes, hours) = (BitOperations.PopCount(e.Seconds), BitOperations.PopCount(e.Minutes), BitOperations.PopCount(e.Hours));
        if (minutes * hours <= 6 && seconds == 1)
        {
            return "At " + List([.. from hour in Values(e.Hours) from minute in Values(e.Minutes) select Clock(hour, minute, Values(e.Seconds).First())]);
        }

        var within = (seconds, minutes, hours) switch
        {
            (1, _, 24) => Every("minute", e.Minutes, 60, "hour"),
            (1, _, _) => $"{Every("minute", e.Minutes, 60, "hour")}{Hours(e.Hours)}",
            (_, 60, 24) => Every("second", e.Seconds, 60, "minute"),
            (_, 60, _) => $"{Every("second", e.Seconds, 60, "minute")}{Hours(e.Hours)}",
            _ => $"{Every("second", e.Seconds, 60, "minute")} of minute{Plural(e.Minutes)} {Ranges(e.Minutes, Text)}{(hours == 24 ? " of every hour" : Hours(e.Hours))}",
        };
        return seconds == 1 && e.Seconds != 1 ? $"{within}, {Values(e.Seconds).First()} s past" : within;
    }

    /// <summary>Every minute; every 5 minutes; at minutes 0, 10 and 40 of the hour.</summary>
    static string Every(string unit, ulong set, int count, string whole)
    {
        var values = Values(set).ToList();
        if (values.Count == count)
        {
            return $"Every {unit}";
        }

        var step = values.Count > 1 ? values[1] - values[0] : 0;
        return step > 0 && values[0] == 0 && count % step == 0 && values.Count == count / step
            ? $"Every {step} {unit}s"
            : $"At {unit}{Plural(set)} {Ranges(set, Text)} of every {whole}";
    }

    static string Hours(ulong set) => $" in hour{Plural(set)} {Ranges(set, hour => hour.ToString("00", CultureInfo.InvariantCulture))}";

    static string Days(CronDays days)
    {
        var dates = new List<string>();
        if (days.OfMonth != 0 && days.OfMonth != CronDays.EveryDay)
        {
            dates.Add($"day{Plural(days.OfMonth)} {Ranges(days.OfMonth, Text)}");
        }

        dates.AddRange(days.Special.Select(Special));
        var weekdays = new List<string>();
        if (days.OfWeek != 0 && days.OfWeek != CronDays.EveryWeekday)
        {
            weekdays.Add(Ranges(MondayFirst(days.OfWeek), day => Weekdays[day % 7]));
        }

        weekdays.AddRange(days.Nth.Select(nth => $"the {Numbers[nth.Number]} {Weekdays[nth.Weekday]} of the month"));
        var byDate = dates.Count == 0 ? "" : $" on {List(dates)} of the month";
        var byWeekday = weekdays.Count == 0 ? "" : $"on {List(weekdays)}";
        return (byDate, byWeekday) switch
        {
            (_, "") => byDate,
            ("", _) => " " + byWeekday,
            _ when days.Combination is DayCombination.Either => $"{byDate} or {byWeekday}",
            _ => $"{byDate}, if it is {byWeekday[3..]}",
        };
    }

    static string Special(MonthDay day) => day switch
    {
        { Day: 0, Before: 0, IsNearestWorkday: false } => "the last day",
        { Day: 0, Before: 0 } => "the last working day",
        { Day: 0, IsNearestWorkday: false } => $"the day {day.Before} days before the last",
        { Day: 0 } => $"the working day nearest to {day.Before} days before the last day",
        _ => $"the working day nearest to day {day.Day}",
    };

    static string Months(CronExpression e) => e.Months == 0x1FFE ? "" : $" in {Ranges(e.Months, month => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month))}";

    static string Years(CronExpression e) => e.Years is null ? "" : $" in {List([.. e.Years.Order().Select(Text)])}";

    /// <summary>Sunday is bit 7 then: weeks are read from Monday on, and "Friday to Sunday" is one range.</summary>
    static ulong MondayFirst(uint week) => (week & 0x7Eu) | ((week & 1u) << 7);

    static IEnumerable<int> Values(ulong set)
    {
        for (; set != 0; set &= set - 1)
        {
            yield return BitOperations.TrailingZeroCount(set);
        }
    }

    /// <summary>1, 3 to 5 and 9.</summary>
    static string Ranges(ulong set, Func<int, string> name)
    {
        var values = Values(set).ToList();
        var parts = new List<string>();
        for (var i = 0; i < values.Count;)
        {
            var end = i;
            while (end + 1 < values.Count && values[end + 1] == values[end] + 1)
            {
                end++;
            }

            parts.Add(end - i > 1 ? $"{name(values[i])} to {name(values[end])}" : name(values[i]));
            i += end - i > 1 ? end - i + 1 : 1;
        }

        return List(parts);
    }

    static string List(List<string> parts) => parts.Count < 2 ? parts[0] : $"{string.Join(", ", parts.Take(parts.Count - 1))} and {parts[^1]}";

    static string Plural(ulong set) => BitOperations.PopCount(set) > 1 ? "s" : "";

    static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    static string Clock(int hour, int minute, int second) => second == 0 ? $"{hour:00}:{minute:00}" : $"{hour:00}:{minute:00}:{second:00}";

    static string Span(TimeSpan every)
    {
        var parts = new[] { (every.Days, "day"), (every.Hours, "hour"), (every.Minutes, "minute"), (every.Seconds, "second") };
        return List([.. from part in parts where part.Item1 > 0 select $"{part.Item1} {part.Item2}{(part.Item1 > 1 ? "s" : "")}"]);
    }
}
