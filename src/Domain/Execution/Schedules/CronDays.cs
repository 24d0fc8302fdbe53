using System.Numerics;

namespace AgentPlatform.Domain.Execution.Schedules;

/// <summary>The days that an expression names, by their number in the month, by their weekday, or by both.</summary>
/// <param name="OfMonth">Bits 1 to 31.</param>
/// <param name="OfWeek">Bits 0 (Sunday) to 6.</param>
/// <param name="Combination">How the two fields go together.</param>
sealed record CronDays(uint OfMonth, uint OfWeek, DayCombination Combination)
{
    public const uint EveryDay = 0xFFFF_FFFE;
    public const uint EveryWeekday = 0x7F;

    /// <summary>Days that depend on the month: its last day, the working day nearest to one.</summary>
    public IReadOnlyList<MonthDay> Special { get; init; } = [];

    /// <summary>The n-th or the last weekday of the month.</summary>
    public IReadOnlyList<NthWeekday> Nth { get; init; } = [];

    /// <summary>The days of this month as bits 1 to 31.</summary>
    public uint In(int year, int month)
    {
        var length = DateTime.DaysInMonth(year, month);
        var all = EveryDay & (uint.MaxValue >> (31 - length));
        var first = (int)new DateTime(year, month, 1).DayOfWeek;
        var byDate = OfMonth;
        foreach (var special in Special)
        {
            byDate |= 1u << special.In(length, first);
        }

        var byWeekday = 0u;
        for (var week = OfWeek; week != 0; week &= week - 1)
        {
            // Every seventh bit from the first such weekday on.
            byWeekday |= 0x1020_4081u << (1 + ((BitOperations.TrailingZeroCount(week) - first + 7) % 7));
        }

        foreach (var nth in Nth)
        {
            byWeekday |= nth.In(length, first);
        }

        return all & (Combination is DayCombination.Either ? byDate | byWeekday : byDate & byWeekday);
    }
}

enum DayCombination
{
    /// <summary>A field that names no days is all of them, so this is the usual case.</summary>
    Both,

    /// <summary>Both fields name days: either will do (crontab(5)).</summary>
    Either,
}

/// <param name="Day">1 to 31; 0 counts from the end of the month.</param>
/// <param name="Before">So many days before the last.</param>
/// <param name="IsNearestWorkday">Monday to Friday, within the month.</param>
sealed record MonthDay(int Day, int Before, bool IsNearestWorkday)
{
    /// <returns>The day; 0, which is no day, when the month does not have it.</returns>
    public int In(int length, int first)
    {
        var day = Day == 0 ? length - Before : Day;
        if (day < 1 || day > length)
        {
            return 0;
        }

        if (!IsNearestWorkday)
        {
            return day;
        }

        return ((first + day - 1) % 7) switch
        {
            6 => day > 1 ? day - 1 : day + 2,
            0 => day < length ? day + 1 : day - 2,
            _ => day,
        };
    }
}

/// <param name="Weekday">0 is Sunday.</param>
/// <param name="Number">1 to 5; 0 is the last.</param>
sealed record NthWeekday(int Weekday, int Number)
{
    public uint In(int length, int first)
    {
        var day = 1 + ((Weekday - first + 7) % 7);
        day += Number == 0 ? (length - day) / 7 * 7 : (Number - 1) * 7;
        return day <= length ? 1u << day : 0;
    }
}
