using System.Globalization;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Domain.Execution.Schedules;

/// <summary>Reads a cron expression. The first fault ends it: a misread field makes nonsense of those after it.</summary>
static partial class CronParser
{
    static readonly TimeSpan LongestInterval = TimeSpan.FromDays(366);

    public static Result<CronExpression> Parse(string text)
    {
        try
        {
            return Read(text);
        }
        catch (CronFault fault)
        {
            return new Error(ErrorKind.Invalid, "invalid_cron", $"{fault.Message} (at character {fault.Position + 1})") { Position = fault.Position };
        }
    }

    static CronExpression Read(string text)
    {
        if (text.Length > CronExpression.MaxLength)
        {
            throw new CronFault(CronExpression.MaxLength, $"A cron expression has at most {CronExpression.MaxLength} characters.");
        }

        var words = Words(text);
        if (words.Count == 0)
        {
            throw new CronFault(0, "A cron expression has five fields (minute, hour, day, month, weekday), or six or seven in Quartz's form; this one is empty.");
        }

        if (words[0].Text.StartsWith('@'))
        {
            return Macro(text, words);
        }

        return words.Count switch
        {
            5 => Crontab(text, words),
            6 or 7 => Quartz(text, words),
            _ => throw new CronFault(
                words.Count < 5 ? text.Length : words[7].At, $"A cron expression has five fields (minute, hour, day, month, weekday), or six or seven in Quartz's form; this one has {words.Count}."),
        };
    }

    static CronExpression Crontab(string text, List<CronWord> words)
    {
        var sets = words.Select((word, i) => CronFieldReader.Read(word, CronField.Crontab[i], isQuartz: false)).ToArray();

        // crontab(5): only where both fields are free of a leading asterisk does either day match.
        var either = !words[2].Text.StartsWith('*') && !words[4].Text.StartsWith('*');
        return new CronExpression { Text = text, Seconds = 1, Minutes = sets[0].Bits, Hours = (uint)sets[1].Bits, Days = Days(sets[2], sets[4], either), Months = (uint)sets[3].Bits };
    }

    static CronExpression Quartz(string text, List<CronWord> words)
    {
        var sets = words.Select((word, i) => CronFieldReader.Read(word, CronField.Quartz[i], isQuartz: true)).ToArray();
        if (words[3].Text == "?" && words[5].Text == "?")
        {
            throw new CronFault(words[5].At, "Only one of the two day fields can be ?; write * in the other.");
        }

        var either = words[3].Text is not ("*" or "?") && words[5].Text is not ("*" or "?");
        return new CronExpression
        {
            Text = text,
            Seconds = sets[0].Bits,
            Minutes = sets[1].Bits,
            Hours = (uint)sets[2].Bits,
            Days = Days(sets[3], sets[5], either),
            Months = (uint)sets[4].Bits,
            Years = sets.Length == 7 ? sets[6].Years : null,
        };
    }

    static CronDays Days(CronSet date, CronSet weekday, bool either) =>
        new((uint)date.Bits, (uint)weekday.Bits, either ? DayCombination.Either : DayCombination.Both) { Special = date.Special, Nth = weekday.Nth };

    static CronExpression Macro(string text, List<CronWord> words)
    {
        var name = words[0].Text;
        if (name.Equals("@every", StringComparison.OrdinalIgnoreCase))
        {
            return Interval(text, words);
        }

        if (words.Count > 1)
        {
            throw new CronFault(words[1].At, $"Nothing comes after {name}.");
        }

        var fields = name.ToLowerInvariant() switch
        {
            "@yearly" or "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" or "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            _ => throw new CronFault(words[0].At, $"{name} is none of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly and @every."),
        };
        return Crontab(text, Words(fields));
    }

    static CronExpression Interval(string text, List<CronWord> words)
    {
        if (words.Count != 2)
        {
            throw new CronFault(words.Count == 1 ? text.Length : words[2].At, "@every takes one duration, such as 90s, 15m or 1h30m.");
        }

        if (Span(words[1].Text) is not { } every || every < TimeSpan.FromSeconds(1) || every > LongestInterval)
        {
            throw new CronFault(words[1].At, "@every takes a time from 1s to 366d, such as 90s, 15m or 1h30m.");
        }

        return new CronExpression { Text = text, Every = every, Seconds = 1, Minutes = 1, Hours = 1, Days = new CronDays(CronDays.EveryDay, CronDays.EveryWeekday, DayCombination.Both), Months = 0x1FFE };
    }

    static TimeSpan? Span(string text)
    {
        if (SpanPattern().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var span = TimeSpan.Zero;
        foreach (var (amount, unit) in match.Groups["amount"].Captures.Zip(match.Groups["unit"].Captures))
        {
            var count = int.Parse(amount.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            span += unit.ValueSpan switch
            {
                "d" => TimeSpan.FromDays(count),
                "h" => TimeSpan.FromHours(count),
                "m" => TimeSpan.FromMinutes(count),
                _ => TimeSpan.FromSeconds(count),
            };
        }

        return span;
    }

    static List<CronWord> Words(string text)
    {
        var words = new List<CronWord>();
        for (var i = 0; i < text.Length;)
        {
            if (text[i] is ' ' or '\t')
            {
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && text[i] is not (' ' or '\t'))
            {
                i++;
            }

            words.Add(new CronWord(text[start..i], start));
        }

        return words;
    }

    // At most four parts of six digits: far inside a TimeSpan.
    [GeneratedRegex(@"^(?:(?<amount>[0-9]{1,6})(?<unit>[dhms])){1,4}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex SpanPattern();
}

/// <param name="At">Where it begins in the expression.</param>
readonly record struct CronWord(string Text, int At);

sealed class CronFault(int position, string message) : FormatException(message)
{
    public int Position => position;
}
