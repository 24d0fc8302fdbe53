using System.Numerics;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Execution.Schedules;

/// <summary>
/// When a schedule fires: five fields as crontab(5) reads them, six or seven as Quartz does (seconds first, Sunday is 1, <c>L W # ?</c>),
/// <c>@daily</c> and its kin, or <c>@every 90s</c>. It knows clock readings; <see cref="FireTimes"/> makes instants of them.
/// </summary>
sealed class CronExpression
{
    public const int MaxLength = 255;

    /// <summary>29 February falls on a given weekday every 28 years, every 40 around a year without it.</summary>
    const int YearsToLookAhead = 100;

    const uint EveryHour = 0xFF_FFFF;

    public required string Text { get; init; }

    public required ulong Seconds { get; init; }

    public required ulong Minutes { get; init; }

    public required uint Hours { get; init; }

    public required CronDays Days { get; init; }

    /// <summary>Bits 1 to 12.</summary>
    public required uint Months { get; init; }

    /// <summary>Null is every year.</summary>
    public IReadOnlySet<int>? Years { get; init; }

    /// <summary><c>@every</c>: multiples of it since 1970, whatever clocks show. The other fields mean nothing then.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>An expression that names every hour counts on through the hour that the clocks repeat; another fires once there.</summary>
    public bool RunsEveryHour => Hours == EveryHour;

    /// <summary>Reads an expression; a refusal says what is wrong and where.</summary>
    public static Result<CronExpression> Parse(string text) => CronParser.Parse(text);

    /// <summary>The first clock reading at or after <paramref name="from"/> that the fields name; null when there is none in a hundred years.</summary>
    public DateTime? NextReading(DateTime from)
    {
        var start = WholeSecond(from);
        for (var year = start.Year; year <= Math.Min(start.Year + YearsToLookAhead, DateTime.MaxValue.Year); year++)
        {
            if (Years?.Contains(year) is false)
            {
                continue;
            }

            for (var months = Months & (uint.MaxValue << (year == start.Year ? start.Month : 1)); months != 0; months &= months - 1)
            {
                var month = BitOperations.TrailingZeroCount(months);
                if (InMonth(year, month, start) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    DateTime? InMonth(int year, int month, DateTime start)
    {
        var isFirst = year == start.Year && month == start.Month;
        for (var days = Days.In(year, month) & (uint.MaxValue << (isFirst ? start.Day : 1)); days != 0; days &= days - 1)
        {
            var date = new DateTime(year, month, BitOperations.TrailingZeroCount(days));
            var time = date == start.Date ? TimeFrom(start.Hour, start.Minute, start.Second) : FirstTime;
            if (time is { } found)
            {
                return date + found;
            }
        }

        return null;
    }

    TimeSpan FirstTime => new TimeSpan(BitOperations.TrailingZeroCount(Hours), BitOperations.TrailingZeroCount(Minutes), BitOperations.TrailingZeroCount(Seconds));

    TimeSpan? TimeFrom(int hour, int minute, int second)
    {
        if ((Hours >> hour & 1) != 0)
        {
            if ((Minutes >> minute & 1) != 0 && From(Seconds, second) is { } thisMinute)
            {
                return new TimeSpan(hour, minute, thisMinute);
            }

            if (From(Minutes, minute + 1) is { } later)
            {
                return new TimeSpan(hour, later, BitOperations.TrailingZeroCount(Seconds));
            }
        }

        return From(Hours, hour + 1) is { } next
            ? new TimeSpan(next, BitOperations.TrailingZeroCount(Minutes), BitOperations.TrailingZeroCount(Seconds))
            : null;
    }

    /// <summary>The lowest value of the set that is not less than <paramref name="least"/> (at most 63).</summary>
    static int? From(ulong set, int least) =>
        set >> least is var rest && rest != 0 ? least + BitOperations.TrailingZeroCount(rest) : null;

    static DateTime WholeSecond(DateTime at)
    {
        var over = at.Ticks % TimeSpan.TicksPerSecond;
        return over == 0 ? at : at.AddTicks(TimeSpan.TicksPerSecond - over);
    }
}
