using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace AgentPlatform.Benchmarks.Hostile;

/// <summary>
/// Hostile code, run after run, by the API of the real program: each ends as it should, nothing gets out, nothing is left, nothing grows, and a neighbour's
/// runs are started as ever.
/// </summary>
static class HostileProof
{
    /// <summary>As many as one server runs at once on two processors, by two tenants.</summary>
    const int AtOnce = 4;

    const int WarmUp = 100;
    const double MaxGrowthMiB = 32;

    static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    public static async Task<int> Run(int times)
    {
        var data = Path.Combine(Path.GetTempPath(), $"agentplatform-hostile-{Environment.ProcessId}");
        Directory.CreateDirectory(data);
        try
        {
            return await Run(times, data);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    static async Task<int> Run(int times, string data)
    {
        using var world = new HostileWorld(data);
        await using var server = await ServerProcess.Start(data, ServerProcess.FreePort(), world.Settings);
        var (neighbour, _) = await Customer.Prepare(server.Address);
        using var one = (await Customer.SignUp(server.Address)).Http;
        using var other = (await Customer.SignUp(server.Address)).Http;
        var cases = CorpusCase.Of("javascript").Concat(CorpusCase.Of("python")).ToList();
        var wrong = new ConcurrentQueue<string>();
        // Seven is no divisor of their number: all of them have their turn, mixed.
        Task Some(int from, int count) => Parallel.ForEachAsync(Enumerable.Range(from, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            if (await Try(i % 2 == 0 ? one : other, world, cases[i * 7 % cases.Count]) is { } fault)
            {
                wrong.Enqueue(fault);
                await Console.Error.WriteLineAsync(fault);
            }
        });

        await Some(0, WarmUp);
        var alone = await Load.Paced(neighbour, 2, 20, TimeSpan.FromSeconds(15));
        var before = await Settled(server);
        var temporary = world.TemporaryFiles();
        Console.WriteLine($"{cases.Count} cases, warmed up with {WarmUp}: {before}");

        var started = Stopwatch.GetTimestamp();
        using var over = new CancellationTokenSource();
        var beside = Beside(neighbour, over.Token);
        for (var done = 0; done < times; done += 100)
        {
            await Some(WarmUp + done, Math.Min(100, times - done));
            Console.WriteLine($"{Math.Min(done + 100, times)} runs, {Stopwatch.GetElapsedTime(started):mm\\:ss}, {wrong.Count} wrong, {server.MemoryMiB:0} MiB");
        }

        var took = Stopwatch.GetElapsedTime(started);
        await over.CancelAsync();
        var latencies = await beside;
        var after = await Settled(server);
        var left = world.TemporaryFiles().Except(temporary, StringComparer.Ordinal).ToList();

        var table = new Table("figure", "measured", "bar");
        table.Add("hostile runs in a row, one server", $"{times} in {took:mm\\:ss}", "");
        table.Add("ended otherwise than they should", $"{wrong.Count}", "0");
        table.Add("server's resident memory, before / after", $"{before.MemoryMiB:0} / {after.MemoryMiB:0} MiB", $"+{MaxGrowthMiB:0} MiB");
        table.Add("zombies", $"{after.Zombies}", "0");
        table.Add("interpreters left, but for those that wait for the next code", $"{Math.Max(0, after.Sandboxes - before.Sandboxes)}", "0");
        table.Add("temporary files left", $"{left.Count}", "0");
        table.Add("open descriptors, threads: before / after", $"{before.Files}, {before.Threads} / {after.Files}, {after.Threads}", "");
        table.Add("a neighbour's run accepted, P99: alone / beside", $"{alone.Percentile(0.99):0.0} / {latencies:0.0} ms", "");
        Console.WriteLine();
        Console.WriteLine(table);

        string[] violations =
        [
            .. wrong, .. world.Harm(), .. left.Select(file => $"left behind: {file}"),
            .. after.MemoryMiB - before.MemoryMiB > MaxGrowthMiB ? ["the server grew"] : Array.Empty<string>(),
            .. after.Zombies > 0 ? ["zombies"] : Array.Empty<string>(),
            .. after.Sandboxes > before.Sandboxes ? ["interpreters were left"] : Array.Empty<string>(),
        ];
        foreach (var violation in violations)
        {
            await Console.Error.WriteLineAsync($"VIOLATION {violation}");
        }

        return violations.Length == 0 ? 0 : 1;
    }

    static async Task<string?> Try(HttpClient tenant, HostileWorld world, CorpusCase attempt)
    {
        var limits = attempt.Limits;
        var run = await Customer.Post(tenant, "/v1/code/run", new
        {
            language = attempt.Language,
            source_code = world.Filled(attempt),
            spec = new
            {
                limits = new { timeout_ms = (int)limits.Timeout.TotalMilliseconds, cpu_ms = (int)limits.Cpu.TotalMilliseconds, memory_mib = limits.MemoryMib, output_bytes = limits.OutputBytes },
            },
        });
        var error = run.GetProperty("error");
        var (code, said) = error.ValueKind is JsonValueKind.Object ? (error.GetProperty("code").GetString(), error.GetRawText()) : (null, "");
        return run.GetRawText().Contains(world.Secret, StringComparison.OrdinalIgnoreCase) ? $"{attempt} found the secret"
            : attempt.Allows(code, run.GetProperty("result").GetRawText(), said) ? null
            : $"{attempt} => {run.GetRawText()[..Math.Min(run.GetRawText().Length, 600)]}";
    }

    /// <summary>P99 of the neighbour's deliveries, for as long as it is not enough.</summary>
    static async Task<double> Beside(Target neighbour, CancellationToken enough)
    {
        var latencies = new List<double>();
        while (!enough.IsCancellationRequested)
        {
            latencies.AddRange((await Load.Paced(neighbour, 2, 20, TimeSpan.FromSeconds(5))).Latencies);
        }

        latencies.Sort();
        return latencies.Count == 0 ? double.NaN : latencies[Math.Min(latencies.Count - 1, (int)(latencies.Count * 0.99))];
    }

    /// <summary>When nothing has been asked of it for a while.</summary>
    static async Task<HostileHost> Settled(ServerProcess server)
    {
        await Task.Delay(Settling);
        return HostileHost.Of(server);
    }
}
