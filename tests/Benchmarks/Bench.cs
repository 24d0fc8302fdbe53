using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace AgentPlatform.Benchmarks;

/// <summary>The figures of docs/benchmarks.md, measured on the machine it runs on. Every load is bounded in clients and time.</summary>
static class Bench
{
    const int Port = 18_080;

    /// <summary>Until the runtime has compiled the hot path for good: what is measured is the sustained rate.</summary>
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(40);

    /// <summary>What a run costs on the way from a webhook to its end, how soon it starts, and what the process needs.</summary>
    public static async Task Runs(string data, TimeSpan time, Table table)
    {
        Target target;
        await using (var first = await ServerProcess.Start(data, Port))
        {
            (target, _) = await Customer.Prepare(first.Address);
        }

        Measurement.Say("cold start on existing data");
        await ColdStart(data, target, table);

        await using var database = await ServerProcess.OpenDatabase(data);
        await using var baseline = new Baseline(database.Connections);
        var tenant = Guid.CreateVersion7();
        Measurement.Say("PostgreSQL alone");
        var pure = await baseline.Rate(BaselineRows.Pure, tenant, time);
        var begun = await baseline.Rate(BaselineRows.Begun, tenant, time);
        var started = await baseline.Latency(BaselineRows.Begun, tenant, size: 1, pace: TimeSpan.FromMilliseconds(2), time, measured: 1);
        var answered = await baseline.Latency(BaselineRows.Pure, tenant, size: 16, pace: TimeSpan.Zero, time, measured: 1);

        await using var server = await ServerProcess.Start(data, Port);
        await using var engine = NpgsqlDataSource.Create(database.Connections.Engine);
        await Task.Delay(TimeSpan.FromSeconds(2));
        table.Add("idle memory", $"{server.MemoryMiB:0} MiB", "", "≤ 150 MiB");

        foreach (var clients in new[] { 64, 256 })
        {
            Measurement.Say($"sustained, {clients} clients");
            await Sustained(server, engine, clients, time, pure, table, isBegun: false);
        }

        Measurement.Say("sustained, runs that are queued and begun");
        await Sustained(server, engine, 64, time, begun, table, isBegun: true);

        Measurement.Say("start latency at 500/s");
        await StartLatency(server, engine, time, started, table);
        Measurement.Say("synchronous, 16 clients");
        var (fresh, _) = await Customer.Prepare(server.Address);
        var waited = await Load.Closed(fresh, 16, time, wait: true);
        table.Add("synchronous webhook (?wait=true), 16 clients, P50 / P99", $"{waited.Percentile(0.5):0.0} / {waited.Percentile(0.99):0.0} ms ({waited.PerSecond:0}/s)", $"{answered} (16 at once)", "P99 ≤ 25 ms");
        table.Add("memory after all of it", $"{server.MemoryMiB:0} MiB", "", "≤ 350 MiB");
    }

    /// <summary>The sustained load with so many clients and nothing else: for profiling.</summary>
    public static async Task SustainedOnly(string data, int clients, TimeSpan time, Table table)
    {
        await using var server = await ServerProcess.Start(data, Port);
        await using var database = await ServerProcess.OpenDatabase(data);
        await using var engine = NpgsqlDataSource.Create(database.Connections.Engine);
        await Sustained(server, engine, clients, time, (double.NaN, ""), table, isBegun: false);
    }

    static async Task ColdStart(string data, Target target, Table table)
    {
        var times = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var server = await ServerProcess.Start(data, Port);
            using var connection = new WebhookConnection(target, $"cold-{Guid.CreateVersion7():n}", wait: false);
            if (await connection.Send(CancellationToken.None) is not 202)
            {
                throw new InvalidOperationException("The first webhook after a cold start was not accepted.");
            }

            times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        times.Sort();
        table.Add("cold start to the first answered webhook (existing data, median of 5)", $"{times[2]:0.00} s", "", "≤ 3 s");
    }

    /// <param name="isBegun">With an agent that is not pure: such a run is stored when it is accepted and again when it ends.</param>
    static async Task Sustained(ServerProcess server, NpgsqlDataSource engine, int clients, TimeSpan time, (double PerSecond, string Text) alone, Table table, bool isBegun)
    {
        var (target, tenant) = isBegun ? await Customer.PrepareBegun(server.Address) : await Customer.Prepare(server.Address);
        await Load.Closed(target, clients, WarmUp, wait: false);
        var rows = new RunRows(engine, tenant);
        await rows.Drain(TimeSpan.FromSeconds(30));
        var before = await rows.Count();
        var cpu = await CpuTime.Of(server, engine);
        var started = Stopwatch.GetTimestamp();
        var load = await Load.Closed(target, clients, time, wait: false);
        if (!await rows.Drain(TimeSpan.FromSeconds(60)))
        {
            throw new InvalidOperationException("Accepted runs did not finish.");
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        cpu = await CpuTime.Of(server, engine) - cpu;
        var after = await rows.Count();
        if (after.Total - before.Total != load.Accepted || after.Succeeded != after.Total)
        {
            throw new InvalidOperationException($"Accepted {load.Accepted}, stored {after.Total - before.Total}, succeeded {after.Succeeded - before.Succeeded}.");
        }

        var rate = load.Accepted / elapsed.TotalSeconds;
        table.Add(
            $"webhook → {(isBegun ? "two pure steps and a pause of nothing, queued and begun" : "three pure steps")} → finished, {clients} clients",
            $"{rate:0} runs/s{Share(rate, alone.PerSecond)}, answer P50 {load.Percentile(0.5):0.0} ms, P99 {load.Percentile(0.99):0.0} ms",
            alone.Text,
            isBegun ? "" : clients == 64 ? "≥ 4 500 runs/s" : "≥ 6 000 runs/s");
        table.Add($"processor time of one run, {clients} clients", cpu.PerRun(load.Accepted), "", "");
        table.Add($"memory after {clients} clients", $"{server.MemoryMiB:0} MiB", "", "");
    }

    static async Task StartLatency(ServerProcess server, NpgsqlDataSource engine, TimeSpan time, string alone, Table table)
    {
        // A pure run is over before it is accepted; this figure is of runs that begin.
        var (target, tenant) = await Customer.PrepareBegun(server.Address);
        await Load.Paced(target, 16, 500, TimeSpan.FromSeconds(2));
        var since = TimeProvider.System.GetUtcNow();
        var load = await Load.Paced(target, 16, 500, time);
        var rows = new RunRows(engine, tenant);
        await rows.Drain(TimeSpan.FromSeconds(30));
        var (p50, p99) = await rows.StartLatency(since);
        table.Add("start of a run at 500/s, P50 / P99 (acceptance's transaction to first step)", $"{p50:0.0} / {p99:0.0} ms ({load.PerSecond:0}/s)", $"{alone} (its storing alone)", "P50 ≤ 3, P99 ≤ 10 ms");
    }

    static string Share(double rate, double alone) => double.IsNaN(alone) ? "" : string.Create(CultureInfo.InvariantCulture, $" ({rate / alone * 100:0} % of PostgreSQL alone)");
}
