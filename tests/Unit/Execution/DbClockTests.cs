using System.Diagnostics;
using AgentPlatform.Infrastructure.Execution.Engine;

namespace AgentPlatform.Unit.Execution;

/// <summary>The database's clock, carried forward on a node.</summary>
public sealed class DbClockTests
{
    static readonly DateTime At = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Test]
    public void Stands_still_when_it_is_found_a_little_ahead()
    {
        var clock = Set(At);
        var shown = clock.Now;

        clock.Set(At.AddMilliseconds(-900), Stopwatch.GetTimestamp());

        Assert.That(clock.Now, Is.GreaterThanOrEqualTo(shown));
    }

    [Test]
    public void Goes_back_when_the_database_was_set_back()
    {
        var clock = Set(At);

        clock.Set(At.AddHours(-1), Stopwatch.GetTimestamp());

        Assert.That(clock.Now, Is.LessThan(new DateTimeOffset(At)));
    }

    [Test]
    public void Goes_on_from_the_middle_of_the_round_trip()
    {
        var clock = new DbClock();

        clock.Set(At, Stopwatch.GetTimestamp() - (10 * Stopwatch.Frequency));

        Assert.That(clock.Now, Is.GreaterThanOrEqualTo(new DateTimeOffset(At.AddSeconds(5))));
    }

    static DbClock Set(DateTime at)
    {
        var clock = new DbClock();
        clock.Set(at, Stopwatch.GetTimestamp());
        return clock;
    }
}
