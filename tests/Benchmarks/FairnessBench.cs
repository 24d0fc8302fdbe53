using System.Diagnostics;
using Npgsql;

namespace AgentPlatform.Benchmarks;

/// <summary>What one tenant's flood costs another tenant, and how fast the engine works a queue off.</summary>
static class FairnessBench
{
    const int Port = 18_081;

    /// <summary>A flood of one tenant in the queue; another tenant's runs come by webhook and through the queue. How long until they start?</summary>
    public static Task Fairness(string data, int flood, TimeSpan time, Table table) => OnServer(data, Beside(flood, time), async (server, owner, engine, alone) =>
    {
        var (_, greedy) = await Customer.Prepare(server.Address);
        var (target, modest) = await Customer.Prepare(server.Address);
        var rows = new RunRows(engine, modest);
        await Load.Paced(target, 4, 100, TimeSpan.FromSeconds(3));
        foreach (var (name, send, limit) in new (string, Func<Task>, string)[]
        {
            ("by webhook, 200/s", () => Load.Paced(target, 8, 200, time), ""),
            ("through the queue, one at a time", () => OneByOne(owner, modest, time), $"{alone} (stored, taken and ended)"),
        })
        {
            await BulkRuns.Queue(owner, greedy, flood);
            var since = TimeProvider.System.GetUtcNow();
            await send();
            var left = await Waiting(engine, greedy);
            var (p50, p99) = await rows.StartLatency(since);
            table.Add($"start of another tenant's run beside {flood} queued ones ({left} still there at the end), {name}, P50 / P99", $"{p50:0.0} / {p99:0.0} ms", limit, "P99 ≤ 100 ms");
            await new RunRows(engine, greedy).Drain(TimeSpan.FromMinutes(5));
        }
    });

    /// <summary>So many runs of three pure steps put into the queue at once: how many a second does the engine end?</summary>
    public static Task Engine(string data, int runs, Table table) => OnServer(data, WorkedOff(runs), async (server, owner, engine, alone) =>
    {
        var (target, tenant) = await Customer.Prepare(server.Address);
        await Load.Closed(target, 8, TimeSpan.FromSeconds(5), wait: false);
        var rows = new RunRows(engine, tenant);
        for (var round = 1; round <= 3; round++)
        {
            await BulkRuns.Queue(owner, tenant, runs);
            var cpu = await CpuTime.Of(server, engine);
            var before = await Waiting(engine, tenant);
            var started = Stopwatch.GetTimestamp();
            if (!await rows.Drain(TimeSpan.FromMinutes(10)))
            {
                throw new InvalidOperationException("The queue was not worked off.");
            }

            var rate = before / Stopwatch.GetElapsedTime(started).TotalSeconds;
            cpu = await CpuTime.Of(server, engine) - cpu;
            table.Add($"engine alone, {runs} runs in the queue, round {round}", $"{rate:0} runs/s; {cpu.PerRun((int)before)}", alone, "≥ 10 000 runs/s");
        }

        table.Add("memory after it", $"{server.MemoryMiB:0} MiB", "", "≤ 350 MiB");
    });

    /// <param name="alone">What PostgreSQL does on the same tables without a server, which would take what waits.</param>
    static async Task OnServer(string data, Func<Baseline, Task<string>> alone, Func<ServerProcess, NpgsqlDataSource, NpgsqlDataSource, string, Task> measure)
    {
        await using (await ServerProcess.Start(data, Port))
        {
            // It has made the tables.
        }

        await using var database = await ServerProcess.OpenDatabase(data);
        string limit;
        await using (var baseline = new Baseline(database.Connections))
        {
            Measurement.Say("PostgreSQL alone");
            limit = await alone(baseline);
        }

        await using var server = await ServerProcess.Start(data, Port);
        await using var owner = NpgsqlDataSource.Create(database.Connections.Owner);
        await using var engine = NpgsqlDataSource.Create(database.Connections.Engine);
        await measure(server, owner, engine, limit);
    }

    static Func<Baseline, Task<string>> WorkedOff(int runs) => async baseline =>
    {
        var tenant = Guid.CreateVersion7();
        await baseline.Store(BaselineRows.Waiting, tenant, runs);
        return (await baseline.Rate(BaselineRows.Taken, tenant)).Text;
    };

    static Func<Baseline, Task<string>> Beside(int flood, TimeSpan time) => async baseline =>
    {
        var greedy = Guid.CreateVersion7();
        await baseline.Store(BaselineRows.Waiting, greedy, flood);
        var latency = await baseline.Latency(BaselineRows.Passed, Guid.CreateVersion7(), size: 1, pace: TimeSpan.FromMilliseconds(20), time, measured: 2);
        await baseline.Rate(BaselineRows.Taken, greedy);
        return latency;
    };

    static async Task OneByOne(NpgsqlDataSource owner, Guid tenant, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            await BulkRuns.Queue(owner, tenant, 1);
            await Task.Delay(20);
        }
    }

    static async Task<long> Waiting(NpgsqlDataSource engine, Guid tenant)
    {
        await using var command = engine.CreateCommand("select count(*) from execution.run_queue where tenant_id = $1");
        command.Parameters.AddWithValue(tenant);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
