using System.Diagnostics;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// The database's clock as this node knows it: read at start and with every renewal of the lease, carried forward by the monotonic
/// stopwatch in between. The times shown for runs and steps then agree across nodes, whatever their own clocks say.
/// </summary>
sealed class DbClock
{
    /// <summary>How far the clock may be found ahead and stand still until the time has come up with it; further, and it steps back, as the database's own did.</summary>
    static readonly TimeSpan MaxStandstill = TimeSpan.FromSeconds(1);

    // Read by every step, replaced a few times a minute: one reference, swapped whole.
    volatile Reading reading = new(DateTimeOffset.UnixEpoch, Stopwatch.GetTimestamp(), 0);

    public DateTimeOffset Now
    {
        get
        {
            var last = reading;

            // PostgreSQL keeps microseconds; a time that was stored then reads back as it was shown.
            var ticks = Math.Max(last.At.Ticks + Stopwatch.GetElapsedTime(last.Taken).Ticks, last.Floor);
            return new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        }
    }

    public async Task Read(NpgsqlDataSource source, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select clock_timestamp()");
        var before = Stopwatch.GetTimestamp();
        var at = (DateTime)(await command.ExecuteScalarAsync(ct))!;
        Set(at, before);
    }

    /// <remarks>
    /// An estimate is off by up to half of its round trip, and the first one is slow. A correction must not let a step end before it began: the clock stands still rather than go back.
    /// </remarks>
    /// <param name="sent">Timestamp of the stopwatch when the question was sent; the answer is taken to be from half-way.</param>
    public void Set(DateTime at, long sent)
    {
        var now = Stopwatch.GetTimestamp();
        var halfWay = Stopwatch.GetElapsedTime(sent, now) / 2;
        var next = new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) + halfWay;
        var shown = Now;
        reading = new Reading(next, now, shown - next < MaxStandstill ? shown.Ticks : 0);
    }

    /// <param name="Floor">In ticks; nothing earlier is shown.</param>
    sealed record Reading(DateTimeOffset At, long Taken, long Floor);
}
