using System.Globalization;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>
/// <c>date</c>: reads, writes, shifts and compares moments. It has no "now", which would give another result when a run is taken up again;
/// the time of the run is <c>run.started_at</c>.
/// </summary>
sealed class DateSkill : IPureSkill
{
    public string Handles => "builtin/date";

    public SkillOutcome Run(SkillCall call)
    {
        var with = call.With;
        var zone = ZonedTime.Zone(with.Text("zone"));
        if (zone is null && with.Value("zone") is not null)
        {
            return Arguments.Refused("The zone is an IANA time zone, like Europe/Berlin or UTC.");
        }

        try
        {
            return Run(with, with.Text("op"), zone);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            return new SkillError("out_of_range", "The moment lies before the year 1 or after the year 9999.", SkillErrorClass.InvalidInput, Retryable: false);
        }
        catch (FormatException)
        {
            return Arguments.Refused("The format is a pattern like yyyy-MM-dd HH:mm:ss.");
        }
    }

    static SkillOutcome Run(Datum with, string? op, TimeZoneInfo? zone)
    {
        var format = with.Text("format");
        if (Read(with.Value("value"), op == "parse" ? format : null, zone) is not { } moment)
        {
            return Arguments.Refused("The value is no moment: give RFC 3339, a date, or milliseconds since 1970; for anything else, parse it with a format.");
        }

        if (zone is not null)
        {
            moment = TimeZoneInfo.ConvertTime(moment, zone);
        }

        return op switch
        {
            "parse" => Shown(moment),
            "convert" when zone is not null => Shown(moment),
            "convert" => Arguments.Refused("convert needs a zone."),
            "format" when format is not null => Datum.FromObject(new Dictionary<string, Datum> { ["text"] = Datum.From(Format(moment, format)) }),
            "format" => Arguments.Refused("format needs a format, like yyyy-MM-dd HH:mm."),
            "add" => with.Value("amount") is { Kind: DatumKind.Object } amount ? Add(moment, amount, zone) : Arguments.Refused("add needs an amount, like { days: 3 }."),
            "diff" => Read(with.Value("to"), null, zone) is { } to ? Between(moment, to) : Arguments.Refused("diff needs a second moment in to."),
            _ => Arguments.Refused("date has the ops parse, format, add, diff and convert."),
        };
    }

    static DateTimeOffset? Read(Datum? value, string? format, TimeZoneInfo? zone) => value switch
    {
        { Kind: DatumKind.Number } number => DateTimeOffset.FromUnixTimeMilliseconds(checked((long)number.GetDouble())),
        { Kind: DatumKind.String } text => ZonedTime.Parse(text.GetString(), format, zone ?? TimeZoneInfo.Utc),
        _ => null,
    };

    // A single letter would be one of the framework's standard formats.
    static string Format(DateTimeOffset moment, string format) => moment.ToString(format.Length == 1 ? $"%{format}" : format, CultureInfo.InvariantCulture);

    /// <summary>Years, months, weeks and days by the calendar of the zone (a day may have 23 or 25 hours), the rest on the clock.</summary>
    static SkillOutcome Add(DateTimeOffset moment, Datum amount, TimeZoneInfo? zone)
    {
        foreach (var (name, value) in amount.EnumerateMembers())
        {
            if (name is not ("years" or "months" or "weeks" or "days" or "hours" or "minutes" or "seconds" or "milliseconds")
                || value.Kind is not DatumKind.Number || !double.IsInteger(value.GetDouble()))
            {
                return Arguments.Refused("An amount has whole years, months, weeks, days, hours, minutes, seconds and milliseconds.");
            }
        }

        double Of(string name) => amount.Value(name)?.GetDouble() ?? 0;
        var days = moment.DateTime.AddYears(checked((int)Of("years"))).AddMonths(checked((int)Of("months"))).AddDays((Of("weeks") * 7) + Of("days"));
        var shifted = days == moment.DateTime ? moment : zone is null ? new DateTimeOffset(days, moment.Offset) : ZonedTime.At(days, zone);
        shifted = shifted.AddHours(Of("hours")).AddMinutes(Of("minutes")).AddSeconds(Of("seconds")).AddMilliseconds(Of("milliseconds"));
        return Shown(zone is null ? shifted : TimeZoneInfo.ConvertTime(shifted, zone));
    }

    static Datum Between(DateTimeOffset from, DateTimeOffset to)
    {
        var span = to - from;
        return Datum.FromObject(new Dictionary<string, Datum>
        {
            ["milliseconds"] = Datum.From(span.TotalMilliseconds),
            ["seconds"] = Datum.From(span.TotalSeconds),
            ["minutes"] = Datum.From(span.TotalMinutes),
            ["hours"] = Datum.From(span.TotalHours),
            ["days"] = Datum.From(span.TotalDays),
        });
    }

    static Datum Shown(DateTimeOffset moment) => Datum.FromObject(new Dictionary<string, Datum>
    {
        ["iso"] = Datum.From(ZonedTime.Iso(moment)),
        ["epoch_ms"] = Datum.From(moment.ToUnixTimeMilliseconds()),
        ["date"] = Datum.From(moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ["year"] = Datum.From(moment.Year),
        ["month"] = Datum.From(moment.Month),
        ["day"] = Datum.From(moment.Day),
        ["hour"] = Datum.From(moment.Hour),
        ["minute"] = Datum.From(moment.Minute),
        ["second"] = Datum.From(moment.Second),
        // As ISO 8601 counts: Monday is 1, Sunday 7.
        ["weekday"] = Datum.From(((int)moment.DayOfWeek + 6) % 7 + 1),
        ["offset_minutes"] = Datum.From(moment.Offset.TotalMinutes),
    });
}
