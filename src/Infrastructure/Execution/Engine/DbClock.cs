using System.Diagnostics;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// The database's clock as this node knows it: read at start and with every renewal of the lease, carried forward by the monotonic
/// stopwatch in between. The times shown for runs and steps then agree across nodes, whatever their own clocks say.
/// </summary>
sealed class DbClock
{
    // Read by every step, replaced a few times a minute: one reference, swapped whole.
    volatile Reading reading = new(DateTimeOffset.UnixEpoch, Stopwatch.GetTimestamp());

    public DateTimeOffset Now
    {
        get
        {
            var last = reading;

            // PostgreSQL keeps microseconds; a time that was stored then reads back as it was shown.
            var ticks = last.At.Ticks + Stopwatch.GetElapsedTime(last.Taken).Ticks;
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

    /// <param name="sent">Timestamp of the stopwatch when the question was sent; the answer is taken to be from half-way.</param>
    public void Set(DateTime at, long sent)
    {
        var now = Stopwatch.GetTimestamp();
        var halfWay = Stopwatch.GetElapsedTime(sent, now) / 2;
        reading = new Reading(new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) + halfWay, now);
    }

    sealed record Reading(DateTimeOffset At, long Taken);
}
