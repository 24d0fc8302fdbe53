using System.Globalization;

namespace AgentPlatform.Domain.Execution.Schedules;

/// <summary>What one field names.</summary>
/// <param name="Bits">The values; of weekdays bits 0 (Sunday) to 6, of years none.</param>
readonly record struct CronSet(ulong Bits, IReadOnlyList<MonthDay> Special, IReadOnlyList<NthWeekday> Nth, IReadOnlySet<int>? Years);

/// <summary>Reads one field: a list of values, ranges and steps, and in Quartz's form the days that depend on the month.</summary>
sealed class CronFieldReader(CronField field, bool isQuartz)
{
    readonly List<MonthDay> special = [];
    readonly List<NthWeekday> nth = [];
    readonly HashSet<int> values = [];

    public static CronSet Read(CronWord word, CronField field, bool isQuartz)
    {
        var reader = new CronFieldReader(field, isQuartz);
        var at = word.At;
        foreach (var item in word.Text.Split(','))
        {
            reader.Item(new CronWord(item, at));
            at += item.Length + 1;
        }

        var isYear = field == CronField.Year;
        var bits = 0ul;
        foreach (var value in isYear ? [] : reader.values)
        {
            bits |= 1ul << value;
        }

        return new CronSet(bits, reader.special, reader.nth, isYear && word.Text is not "*" ? reader.values : null);
    }

    void Item(CronWord item)
    {
        if (item.Text.Length == 0)
        {
            throw new CronFault(item.At, $"A value is missing in the field of the {field.Name}.");
        }

        if (isQuartz && Special(item))
        {
            return;
        }

        var slash = item.Text.IndexOf('/', StringComparison.Ordinal);
        var range = slash < 0 ? item.Text : item.Text[..slash];
        var (from, to) = Range(range, item.At, slash >= 0);
        var step = slash < 0 ? 1 : Number(item.Text[(slash + 1)..], item.At + slash + 1);
        if (step < 1 || step > field.Max - field.Min)
        {
            throw new CronFault(item.At + slash + 1, $"A step of the {field.Name} is 1 to {field.Max - field.Min}.");
        }

        Add(from, to, step);
    }

    (int From, int To) Range(string range, int at, bool hasStep)
    {
        if (range is "*")
        {
            return (field.Min, field.IsWeekday ? field.Min + 6 : field.Max);
        }

        if (range is "?")
        {
            return isQuartz && (field.IsDay || field.IsWeekday) && !hasStep
                ? (field.Min, field.IsWeekday ? field.Min + 6 : field.Max)
                : throw new CronFault(at, "? stands for a day field of Quartz's form, alone; write * here.");
        }

        var dash = range.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
        {
            var value = Value(range, at);
            return (value, hasStep ? LastOf(value) : value);
        }

        var from = Value(range[..dash], at);
        var to = Value(range[(dash + 1)..], at + dash + 1);

        // In crontab's counting Sunday also ends a week: FRI-SUN is 5-7.
        if (!isQuartz && field.IsWeekday && to == 0 && from > 0)
        {
            to = 7;
        }

        return from <= to || isQuartz
            ? (from, to)
            : throw new CronFault(at, $"The range {range} goes backwards; write it as two: {range[..dash]}-{field.Max},{field.Min}-{range[(dash + 1)..]}.");
    }

    int LastOf(int value) => field.IsWeekday ? Math.Max(value, field.Min + 6) : field.Max;

    void Add(int from, int to, int step)
    {
        // A range of Quartz's may run over the end: 22-2 are the hours around midnight.
        var end = from <= to ? to : to + field.Count;
        for (var value = from; value <= end; value += step)
        {
            var wrapped = value > field.Max ? value - field.Count : value;
            values.Add(field.IsWeekday ? (isQuartz ? wrapped - 1 : wrapped) % 7 : wrapped);
        }
    }

    bool Special(CronWord item) => field.IsDay ? SpecialDay(item) : field.IsWeekday && SpecialWeekday(item);

    /// <summary><c>L</c>, <c>L-3</c>, <c>LW</c>, <c>15W</c>.</summary>
    bool SpecialDay(CronWord item)
    {
        var text = item.Text.ToUpperInvariant();
        var nearest = text.EndsWith('W');
        var day = nearest ? text[..^1] : text;
        if (day is "L")
        {
            special.Add(new MonthDay(0, 0, nearest));
            return true;
        }

        if (day.StartsWith("L-", StringComparison.Ordinal))
        {
            var before = Number(day[2..], item.At + 2);
            special.Add(before is >= 1 and <= 30 ? new MonthDay(0, before, nearest) : throw new CronFault(item.At + 2, "L- takes 1 to 30 days before the last."));
            return true;
        }

        if (nearest)
        {
            special.Add(new MonthDay(Value(day, item.At), 0, IsNearestWorkday: true));
        }

        return nearest;
    }

    /// <summary><c>6L</c> or <c>FRIL</c> (the last Friday), <c>6#3</c> or <c>FRI#3</c> (the third); <c>L</c> alone is Saturday.</summary>
    bool SpecialWeekday(CronWord item)
    {
        var text = item.Text.ToUpperInvariant();
        if (text is "L")
        {
            values.Add(6);
            return true;
        }

        if (text.Length > 1 && text.EndsWith('L'))
        {
            nth.Add(new NthWeekday(Value(text[..^1], item.At) - 1, 0));
            return true;
        }

        var hash = text.IndexOf('#', StringComparison.Ordinal);
        if (hash < 0)
        {
            return false;
        }

        var number = Number(text[(hash + 1)..], item.At + hash + 1);
        nth.Add(number is >= 1 and <= 5
            ? new NthWeekday(Value(text[..hash], item.At) - 1, number)
            : throw new CronFault(item.At + hash + 1, "# takes 1 to 5: the first to the fifth such day of the month."));
        return true;
    }

    int Value(string text, int at)
    {
        if (field.ValueOf(text) is { } named)
        {
            return named;
        }

        var names = field.Names.Count > 0 ? $" or {field.Names[0]} to {field.Names[^1]}" : "";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= field.Min && value <= field.Max
            ? value
            : throw new CronFault(at, $"\"{text}\" is no {field.Name}; it takes {field.Min} to {field.Max}{names}.");
    }

    static int Number(string text, int at) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new CronFault(at, $"\"{text}\" is no number.");
}
