using AgentPlatform.Domain.Execution.Schedules;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Execution.Schedules;

/// <summary>Years of every zone, against the oracle: every fire of it and none besides.</summary>
[TestFixture]
public sealed class CronPropertyTests
{
    /// <summary>Both edges of summer time, twice each.</summary>
    const int Few = 2;

    /// <summary>Northern, southern, clocks that change at midnight, half an hour of summer time, quarter hours and no summer time at all.</summary>
    static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "America/Santiago", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu"];

    /// <summary>Where clocks change.</summary>
    static readonly string[] Edges =
    [
        "* * * * *", "*/20 * * * *", "30 * * * *", "59 1 * * *", "0 2 * * *", "30 2 * * *", "*/15 2 * * *", "0 3 * * *", "*/30 1-3 * * *", "30 */2 * * *", "45 1 * * *", "15 0 * * *",
        "30 23 * * *", "0 0 * * 0", "0 0 29 2 *", "0 0 31 * *", "15 2 13 * 5", "0 12 */2 * 1", "0 0 1-7 * */7", "30 2 * 3,10 7", "59 23 31 12 *", "0 0 1 1 *",
    ];

    [TestCaseSource(nameof(Zones))]
    public void Fires_as_a_clock_that_is_read_minute_by_minute(string zone) => CheckDrawn(new CronOracle(zone, Few), zone, samples: 2);

    [TestCaseSource(nameof(Zones))]
    public void Fires_so_where_clocks_change(string zone) => CheckEdges(new CronOracle(zone, Few), zone);

    [TestCaseSource(nameof(Zones))]
    [Explicit("Takes two minutes: ./build.sh test does with two years of each zone.")]
    public void Fires_so_for_ten_years(string zone)
    {
        var oracle = new CronOracle(zone, years: 10);
        CheckEdges(oracle, zone);
        CheckDrawn(oracle, zone, samples: 20);
    }

    [Test]
    public void Asks_for_any_moment_what_the_list_holds_next() =>
        Prop.ForAll((from sample in CronSamples.All from zone in Gen.Elements(Zones) from minute in Gen.Choose(0, 5_000_000) select (sample, zone, minute)).ToArbitrary(), drawn =>
        {
            var times = Times(drawn.sample.Text, drawn.zone);
            var after = CronOracle.From.AddMinutes(drawn.minute).AddTicks(1);
            if (times.Next(after) is not { } next)
            {
                return true;
            }

            // From anywhere before it the answer is the same one, and it is its own predecessor's successor.
            var between = after + ((next - after) / 2);
            return next > after && next.Ticks % TimeSpan.TicksPerSecond == 0 && times.Next(between) == next && times.Last(after, next) == next
                && times.Last(after, next.AddTicks(-1)) is null;
        }).QuickCheckThrowOnFailure();

    static void CheckDrawn(CronOracle oracle, string zone, int samples) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(samples),
        Prop.ForAll(CronSamples.All.ToArbitrary(), sample => Fires(sample.Text, zone, oracle.Until).Take(CronOracle.Most).SequenceEqual(oracle.Fires(sample).Take(CronOracle.Most))));

    static void CheckEdges(CronOracle oracle, string zone)
    {
        foreach (var text in Edges)
        {
            var sample = CronSampleReader.Read(text);
            var (fires, expected) = (Fires(text, zone, oracle.Until).Take(CronOracle.Most).ToList(), oracle.Fires(sample).Take(CronOracle.Most).ToList());
            Assert.That(fires.SequenceEqual(expected), Is.True, () => $"{text}: {fires.Count} of {expected.Count}, first difference {fires.Zip(expected).FirstOrDefault(pair => pair.First != pair.Second)}");
        }
    }

    static IEnumerable<DateTimeOffset> Fires(string text, string zone, DateTimeOffset until)
    {
        var times = Times(text, zone);
        for (var next = times.Next(CronOracle.From); next <= until; next = times.Next(next.Value))
        {
            yield return next.Value;
        }
    }

    static FireTimes Times(string text, string zone) => new(CronExpression.Parse(text).Value, ZoneClock.Find(zone)!);
}
