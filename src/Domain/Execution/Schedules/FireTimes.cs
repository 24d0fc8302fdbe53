namespace AgentPlatform.Domain.Execution.Schedules;

/// <summary>
/// The instants at which an expression fires in a time zone. A reading that the clocks leave out fires at the moment of the jump, once for
/// all that were left out. A reading that they repeat fires the first time; an expression that names every hour fires in both, as it counts on.
/// </summary>
sealed class FireTimes(CronExpression expression, ZoneClock clock)
{
    public CronExpression Expression => expression;

    /// <summary>The first one after <paramref name="after"/>, on a whole second; null when there is none any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (expression.Every is { } every)
        {
            var passed = after.UtcTicks - DateTime.UnixEpoch.Ticks;
            return new DateTimeOffset(DateTime.UnixEpoch.Ticks + (((passed / every.Ticks) + 1) * every.Ticks), TimeSpan.Zero);
        }

        // Stretch by stretch between changes of the clock: within one, readings and instants go together.
        var (start, least) = (after.UtcDateTime, TimeSpan.FromTicks(1));
        while (true)
        {
            var offset = clock.OffsetAt(start);
            if (expression.NextReading(start + offset + least) is not { } reading)
            {
                return null;
            }

            var found = DateTime.SpecifyKind(reading - offset, DateTimeKind.Utc);
            if (clock.NextChange(start, found) is { } change)
            {
                // Left out when the clocks then show a later one.
                if (reading < change.At + change.To)
                {
                    return new DateTimeOffset(change.At);
                }

                (start, least) = (change.At, TimeSpan.Zero);
            }
            else if (!expression.RunsEveryHour && clock.IsSecondPass(found))
            {
                (start, least) = (found, TimeSpan.FromTicks(1));
            }
            else
            {
                return new DateTimeOffset(found);
            }
        }
    }

    /// <summary>The next <paramref name="count"/> of them.</summary>
    public IEnumerable<DateTimeOffset> Following(DateTimeOffset after, int count)
    {
        for (var next = Next(after); next is { } at && count > 0; next = Next(at), count--)
        {
            yield return at;
        }
    }

    /// <summary>The last one in (<paramref name="after"/>, <paramref name="until"/>]; null when there is none.</summary>
    public DateTimeOffset? Last(DateTimeOffset after, DateTimeOffset until)
    {
        // Looked for in ever longer stretches before the end, so that a dense schedule is not walked from its beginning.
        foreach (var days in (ReadOnlySpan<double>)[1d / 1440, 1d / 24, 1, 31, 366])
        {
            var start = until.AddDays(-days);
            if (start <= after)
            {
                break;
            }

            if (LastFrom(start, until) is { } found)
            {
                return found;
            }
        }

        return LastFrom(after, until);
    }

    DateTimeOffset? LastFrom(DateTimeOffset after, DateTimeOffset until)
    {
        DateTimeOffset? last = null;
        for (var next = Next(after); next <= until; next = Next(next.Value))
        {
            last = next;
        }

        return last;
    }
}
