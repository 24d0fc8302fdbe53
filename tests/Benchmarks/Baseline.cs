using System.Diagnostics;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Benchmarks;

/// <summary>
/// What PostgreSQL alone does with the rows of a figure: the same tables, indexes and policies, the settings of the engine's writers, one or two connections and nothing
/// else. No HTTP, no signatures, no JSON, no engine. The ratio to it says what ours costs.
/// </summary>
sealed class Baseline(DatabaseConnections database) : IAsyncDisposable
{
    const int Batch = 128;

    readonly DataSources sources = DataSources.Connect(database);

    /// <param name="time">How long, unless there is nothing left before; without it until there is nothing left.</param>
    /// <returns>Runs a second, durable, by two connections, and PostgreSQL's processor time of one.</returns>
    public async Task<(double PerSecond, string Text)> Rate(BaselineRows rows, Guid tenant, TimeSpan? time = null)
    {
        var cpu = await CpuTime.Of(null, sources.RunWriter);
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Write(rows, tenant, started, time ?? TimeSpan.MaxValue))));
        var perSecond = counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
        cpu = await CpuTime.Of(null, sources.RunWriter) - cpu;
        return (perSecond, $"{perSecond:0}/s; {cpu.Postgres.TotalMicroseconds / counts.Sum():0} µs");
    }

    /// <summary>Of one batch after another, on one connection.</summary>
    /// <param name="size">Runs in a batch.</param>
    /// <param name="pace">From the beginning of one batch to that of the next, unless it takes longer.</param>
    /// <param name="measured">How many of the statements count; the others tidy up.</param>
    public async Task<string> Latency(BaselineRows rows, Guid tenant, int size, TimeSpan pace, TimeSpan time, int measured)
    {
        var latencies = new List<double>();
        var started = Stopwatch.GetTimestamp();
        await using var connection = await sources.RunWriter.OpenConnectionAsync();
        for (var i = 0; Stopwatch.GetElapsedTime(started) < time; i++)
        {
            if ((pace * i) - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
            {
                await Task.Delay(early);
            }

            var (ids, steps) = Ids(size);
            var begun = Stopwatch.GetTimestamp();
            foreach (var sql in rows.Statements[..measured])
            {
                await Execute(connection, sql, tenant, ids, steps);
            }

            latencies.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            foreach (var sql in rows.Statements[measured..])
            {
                await Execute(connection, sql, tenant, ids, steps);
            }
        }

        latencies.Sort();
        return $"{latencies[latencies.Count / 2]:0.0} / {latencies[(int)(latencies.Count * 0.99)]:0.0} ms";
    }

    /// <summary>Stores so many at least.</summary>
    public async Task Store(BaselineRows rows, Guid tenant, int count)
    {
        await using var connection = await sources.RunWriter.OpenConnectionAsync();
        for (var stored = 0; stored < count; stored += Batch)
        {
            await WriteBatch(connection, rows, tenant);
        }
    }

    public ValueTask DisposeAsync() => sources.DisposeAsync();

    async Task<long> Write(BaselineRows rows, Guid tenant, long started, TimeSpan time)
    {
        await using var connection = await sources.RunWriter.OpenConnectionAsync();
        var done = 0L;
        var last = 1;
        while (last > 0 && Stopwatch.GetElapsedTime(started) < time)
        {
            last = await WriteBatch(connection, rows, tenant);
            done += last;
        }

        return done;
    }

    static async Task<int> WriteBatch(NpgsqlConnection connection, BaselineRows rows, Guid tenant)
    {
        var (ids, steps) = Ids(Batch);
        var changed = await Execute(connection, rows.Statements[0], tenant, ids, steps);
        foreach (var sql in changed == 0 ? [] : rows.Statements[1..])
        {
            await Execute(connection, sql, tenant, ids, steps);
        }

        return changed;
    }

    static (Guid[] Ids, Guid[] Steps) Ids(int count) =>
        ([.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())], [.. Enumerable.Range(0, count * 3).Select(_ => Guid.CreateVersion7())]);

    static async Task<int> Execute(NpgsqlConnection connection, string sql, Guid tenant, Guid[] ids, Guid[] steps)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("tenant", tenant);
        command.Parameters.AddWithValue("ids", NpgsqlDbType.Array | NpgsqlDbType.Uuid, ids);
        command.Parameters.AddWithValue("steps", NpgsqlDbType.Array | NpgsqlDbType.Uuid, steps);
        return await command.ExecuteNonQueryAsync();
    }
}
