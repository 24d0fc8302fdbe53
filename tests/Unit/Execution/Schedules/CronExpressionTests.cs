using System.Globalization;
using AgentPlatform.Domain.Execution.Schedules;

namespace AgentPlatform.Unit.Execution.Schedules;

[TestFixture]
public sealed class CronExpressionTests
{
    [TestCase("@yearly", "2026-05-17T10:00:00Z", "2027-01-01T00:00:00Z")]
    [TestCase("@annually", "2026-05-17T10:00:00Z", "2027-01-01T00:00:00Z")]
    [TestCase("@monthly", "2026-05-17T10:00:00Z", "2026-06-01T00:00:00Z")]
    [TestCase("@weekly", "2026-05-17T10:00:00Z", "2026-05-24T00:00:00Z")]
    [TestCase("@daily", "2026-05-17T10:00:00Z", "2026-05-18T00:00:00Z")]
    [TestCase("@Midnight", "2026-05-17T10:00:00Z", "2026-05-18T00:00:00Z")]
    [TestCase("@hourly", "2026-05-17T10:00:00Z", "2026-05-17T11:00:00Z")]
    [TestCase("@every 90s", "2026-05-17T10:00:00Z", "2026-05-17T10:01:30Z")]
    [TestCase("@every 1h30m", "1970-01-01T01:30:00Z", "1970-01-01T03:00:00Z")]
    [TestCase("  30\t9 * *   mon-FRI ", "2026-05-16T00:00:00Z", "2026-05-18T09:30:00Z")]
    [TestCase("0 0 * * 7", "2026-05-16T00:00:00Z", "2026-05-17T00:00:00Z")]
    [TestCase("0 0 * * fri-sun", "2026-05-16T12:00:00Z", "2026-05-17T00:00:00Z")]
    [TestCase("5/20 * * * *", "2026-05-16T12:26:00Z", "2026-05-16T12:45:00Z")]
    [TestCase("*/10 * * * * ?", "2026-05-16T12:00:01Z", "2026-05-16T12:00:10Z")]
    [TestCase("0 0 12 ? * 1", "2026-05-16T12:00:01Z", "2026-05-17T12:00:00Z")]
    [TestCase("0 0 12 L * ?", "2026-02-01T00:00:00Z", "2026-02-28T12:00:00Z")]
    [TestCase("0 0 12 L-3 * ?", "2026-02-01T00:00:00Z", "2026-02-25T12:00:00Z")]
    [TestCase("0 0 12 LW * ?", "2026-05-01T00:00:00Z", "2026-05-29T12:00:00Z")]
    [TestCase("0 0 12 1W * ?", "2026-08-01T00:00:00Z", "2026-08-03T12:00:00Z", Description = "The first is a Saturday; the nearest working day of that month is the third.")]
    [TestCase("0 0 12 31W * ?", "2026-05-02T00:00:00Z", "2026-05-29T12:00:00Z")]
    [TestCase("0 0 12 15W * ?", "2026-08-01T00:00:00Z", "2026-08-14T12:00:00Z")]
    [TestCase("0 0 12 ? * 6L", "2026-05-01T00:00:00Z", "2026-05-29T12:00:00Z")]
    [TestCase("0 0 12 ? * FRI#3", "2026-05-01T00:00:00Z", "2026-05-15T12:00:00Z")]
    [TestCase("0 0 12 ? * MON#5", "2026-05-01T00:00:00Z", "2026-06-29T12:00:00Z")]
    [TestCase("0 0 22-2 ? * *", "2026-05-01T23:30:00Z", "2026-05-02T00:00:00Z")]
    [TestCase("0 0 12 1 1 ? 2030/2", "2026-05-01T00:00:00Z", "2030-01-01T12:00:00Z")]
    [TestCase("0 0 12 13 * FRI", "2026-05-02T00:00:00Z", "2026-05-08T12:00:00Z", Description = "Both days given: either.")]
    [TestCase("0 0 29 2 1", "2026-03-01T00:00:00Z", "2027-02-01T00:00:00Z")]
    [TestCase("0 0 29 2 */7", "2026-03-01T00:00:00Z", "2032-02-29T00:00:00Z", Description = "A leading asterisk: both must hold.")]
    public void Fires_next_at(string text, string after, string next) =>
        Assert.That(Times(text, "UTC").Next(At(after)), Is.EqualTo(At(next)));

    [TestCase("0 0 31 2 *")]
    [TestCase("0 0 12 1 1 ? 2020")]
    [TestCase("0 0 30 2 */7")]
    public void Never_fires(string text) => Assert.That(Times(text, "Europe/Berlin").Next(At("2026-01-01T00:00:00Z")), Is.Null);

    [TestCase("30 2 * * *", "2026-03-29T01:00:00Z", Description = "02:30 does not exist: at the jump.")]
    [TestCase("*/20 2 * * *", "2026-03-29T01:00:00Z", Description = "Three readings that do not exist fire once.")]
    [TestCase("0 2,3 * * *", "2026-03-29T01:00:00Z", Description = "What was left out and what is there at the jump are one.")]
    [TestCase("* 30 2 * * ?", "2026-03-29T01:00:00Z")]
    public void Fires_at_the_jump_what_the_clocks_leave_out(string text, string only)
    {
        var day = Times(text, "Europe/Berlin").Following(At("2026-03-28T23:00:00Z"), 10).TakeWhile(at => at < At("2026-03-29T22:00:00Z"));
        Assert.That(day, Is.EqualTo([At(only)]));
    }

    [TestCase("30 2 * * *", "2026-10-25T00:30:00Z")]
    [TestCase("30 */2 * * *", "2026-10-24T22:30:00Z 2026-10-25T00:30:00Z 2026-10-25T03:30:00Z")]
    [TestCase("30 * * * *", "2026-10-24T22:30:00Z 2026-10-24T23:30:00Z 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z 2026-10-25T02:30:00Z 2026-10-25T03:30:00Z", Description = "Every hour counts on.")]
    [TestCase("30 0-23 * * *", "2026-10-24T22:30:00Z 2026-10-24T23:30:00Z 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z 2026-10-25T02:30:00Z 2026-10-25T03:30:00Z", Description = "However it is written.")]
    public void Fires_once_where_the_clocks_repeat_themselves(string text, string expected)
    {
        var night = Times(text, "Europe/Berlin").Following(At("2026-10-24T22:00:00Z"), 10).TakeWhile(at => at < At("2026-10-25T04:00:00Z"));
        Assert.That(night, Is.EqualTo(expected.Split(' ').Select(At)));
    }

    [TestCase("", 1, "empty")]
    [TestCase("* * * *", 8, "this one has 4")]
    [TestCase("* * * * * * * *", 15, "this one has 8")]
    [TestCase("60 * * * *", 1, "0 to 59")]
    [TestCase("* 24 * * *", 3, "0 to 23")]
    [TestCase("* * 0 * *", 5, "1 to 31")]
    [TestCase("* * * 13 *", 7, "JAN to DEC")]
    [TestCase("* * * * 8", 9, "SUN to SAT")]
    [TestCase("* * * * mond", 9, "\"mond\"")]
    [TestCase("1,,2 * * * *", 3, "missing")]
    [TestCase("1,2, * * * *", 5, "missing")]
    [TestCase("*/0 * * * *", 3, "1 to 59")]
    [TestCase("*/60 * * * *", 3, "1 to 59")]
    [TestCase("*/x * * * *", 3, "no number")]
    [TestCase("50-10 * * * *", 1, "backwards")]
    [TestCase("* * ? * *", 5, "Quartz")]
    [TestCase("* * L * *", 5, "\"L\"")]
    [TestCase("1-2-3 * * * *", 3, "\"2-3\"")]
    [TestCase("-1 * * * *", 1, "\"\"")]
    [TestCase("0 0 12 ? * ?", 12, "Only one")]
    [TestCase("0 0 12 L-31 * ?", 10, "1 to 30")]
    [TestCase("0 0 12 ? * FRI#6", 16, "1 to 5")]
    [TestCase("0 0 12 ? * 0", 12, "1 to 7")]
    [TestCase("0 0 12 1 1 ? 1969", 14, "1970 to 2199")]
    [TestCase("@dayly", 1, "none of")]
    [TestCase("@daily *", 8, "Nothing")]
    [TestCase("@every", 7, "one duration")]
    [TestCase("@every 500ms", 8, "1s to 366d")]
    [TestCase("@every 400d", 8, "1s to 366d")]
    [TestCase("٣ * * * *", 1, "no minute")]
    public void Says_what_is_wrong_and_where(string text, int character, string what)
    {
        var refused = CronExpression.Parse(text).Error;
        Assert.That((refused?.Code, refused?.Position), Is.EqualTo(("invalid_cron", character - 1)), refused?.Message);
        Assert.That(refused!.Message, Does.Contain(what).And.EndsWith($"(at character {character})"));
    }

    [Test]
    public void Takes_255_characters_and_no_more()
    {
        var longest = string.Join(',', Enumerable.Repeat("1", 124)) + " * * * *";
        Assert.That(CronExpression.Parse(longest.PadRight(255)).IsOk, Is.True);
        Assert.That(CronExpression.Parse(longest.PadRight(256)).Error?.Position, Is.EqualTo(255));
    }

    [TestCase("30 9 * * 1-5", "At 09:30 on Monday to Friday")]
    [TestCase("* * * * *", "Every minute")]
    [TestCase("*/5 * * * *", "Every 5 minutes")]
    [TestCase("*/5 9-17 * * *", "Every 5 minutes in hours 09 to 17")]
    [TestCase("0,30 9,17 * * *", "At 09:00, 09:30, 17:00 and 17:30")]
    [TestCase("15,45 * * * *", "At minutes 15 and 45 of every hour")]
    [TestCase("0 * * * *", "At minute 0 of every hour")]
    [TestCase("0 0 1 1 *", "At 00:00 on day 1 of the month in January")]
    [TestCase("0 12 13 * 5", "At 12:00 on day 13 of the month or on Friday")]
    [TestCase("0 12 1-7 * */7", "At 12:00 on days 1 to 7 of the month, if it is Sunday")]
    [TestCase("0 0 * 6-8,12 sat,sun", "At 00:00 on Saturday and Sunday in June to August and December")]
    [TestCase("*/10 * * * * ?", "Every 10 seconds")]
    [TestCase("30 0 12 LW * ? 2030", "At 12:00:30 on the last working day of the month in 2030")]
    [TestCase("0 0 12 ? * FRI#3", "At 12:00 on the third Friday of the month")]
    [TestCase("0 0 12 ? * 6L", "At 12:00 on the last Friday of the month")]
    [TestCase("0 0 12 1,15W * ?", "At 12:00 on day 1 and the working day nearest to day 15 of the month")]
    [TestCase("*/20 5 * * * ?", "Every 20 seconds of minute 5 of every hour")]
    [TestCase("@daily", "At 00:00")]
    [TestCase("@every 1h30m", "Every 1 hour and 30 minutes, counted from 1970-01-01 00:00 UTC")]
    public void Reads_as(string text, string sentence) => Assert.That(CronSentence.Of(CronExpression.Parse(text).Value), Is.EqualTo(sentence));

    [TestCase("Europe/Nowhere")]
    [TestCase("")]
    [TestCase("../../../etc/passwd")]
    [TestCase("/etc/localtime")]
    [TestCase("Europe/Berlin\n")]
    [TestCase("tzdata.zi")]
    public void No_time_zone_is(string id) => Assert.That(ZoneClock.Find(id), Is.Null);

    static FireTimes Times(string text, string zone) => new(CronExpression.Parse(text).Value, ZoneClock.Find(zone)!);

    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
