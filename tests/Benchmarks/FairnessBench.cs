using System.Diagnostics;
using Npgsql;

namespace AgentPlatform.Benchmarks;

/// <summary>What one tenant's flood costs another tenant, and how fast the engine works a queue off.</summary>
static class FairnessBench
{
    const int Port = 18_081;

    /// <summary>A flood of one tenant in the queue; another tenant's runs come by webhook and through the queue. How long until they start?</summary>
    public static Task<int> Fairness(int flood, TimeSpan time) => OnServer(async (server, owner, engine, table) =>
    {
        var (_, greedy) = await Customer.Prepare(server.Address);
        var (target, modest) = await Customer.Prepare(server.Address);
        var rows = new RunRows(engine, modest);
        await Load.Paced(target, 4, 100, TimeSpan.FromSeconds(3));
        foreach (var (name, send) in new (string, Func<Task>)[]
        {
            ("by webhook, 200/s", () => Load.Paced(target, 8, 200, time)),
            ("through the queue, one at a time", () => OneByOne(owner, modest, time)),
        })
        {
            await BulkRuns.Queue(owner, greedy, flood);
            var since = TimeProvider.System.GetUtcNow();
            await send();
            var left = await Waiting(engine, greedy);
            var (p50, p99) = await rows.StartLatency(since);
            table.Add($"start of another tenant's run beside {flood} queued ones ({left} still there at the end), {name}, P50 / P99", $"{p50:0.0} / {p99:0.0} ms", "P99 ≤ 100 ms");
            await new RunRows(engine, greedy).Drain(TimeSpan.FromMinutes(5));
        }
    });

    /// <summary>So many runs of three pure steps put into the queue at once: how many a second does the engine end?</summary>
    public static Task<int> Engine(int runs) => OnServer(async (server, owner, engine, table) =>
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
            table.Add($"engine alone, {runs} runs in the queue, round {round}", $"{rate:0} runs/s; {cpu.PerRun((int)before)}", "≥ 10 000 runs/s");
        }

        table.Add("memory after it", $"{server.MemoryMiB:0} MiB", "≤ 350 MiB");
    });

    static async Task<int> OnServer(Func<ServerProcess, NpgsqlDataSource, NpgsqlDataSource, Table, Task> measure)
    {
        var data = Path.Combine(Path.GetTempPath(), $"agentplatform-fairness-{Environment.ProcessId}");
        Directory.CreateDirectory(data);
        var table = new Table("figure", "measured", "bar");
        try
        {
            await using var server = await ServerProcess.Start(data, Port);
            await using var database = await ServerProcess.OpenDatabase(data);
            await using var owner = NpgsqlDataSource.Create(database.Connections.Owner);
            await using var engine = NpgsqlDataSource.Create(database.Connections.Engine);
            await measure(server, owner, engine, table);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }

        Console.WriteLine();
        Console.WriteLine(table);
        return 0;
    }

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
