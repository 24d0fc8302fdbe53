using System.Runtime.InteropServices;

namespace AgentPlatform.Benchmarks;

/// <summary>
/// "No accepted run is lost", tried: the real program on the embedded database (fsync on) under webhook load, killed, stopped and restarted at random
/// moments, and at the end its history judged from outside.
/// </summary>
static class Prove
{
    const int Interrupted = 130;

    /// <summary>Told to end, it judges what was done until then, and takes its servers and its database with it. That is no proof: its exit code says so.</summary>
    public static async Task<int> Run(ProvePlan plan)
    {
        using var stopping = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var result = await Run(plan, Console.WriteLine, stopping.Token);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }

        Console.WriteLine();
        Console.WriteLine(result.ToTable());
        foreach (var violation in result.Violations.Take(100))
        {
            await Console.Error.WriteLineAsync($"VIOLATION {violation.Kind}: {violation.Id}: {violation.Detail}");
        }

        if (!result.IsWhole)
        {
            await Console.Error.WriteLineAsync("Stopped before the end: this is what was done until then, and no proof.");
        }

        return result.Violations.Count > 0 ? 1 : result.IsWhole ? 0 : Interrupted;
    }

    /// <summary>Whether this client's agent waits between its two effects: they take turns in the order in which the agents are made.</summary>
    public static bool Waits(int client) => client % 3 == 2;

    public static async Task<ProveResult> Run(ProvePlan plan, Action<string> say, CancellationToken ct)
    {
        // Not a private directory: started as root, the server's database runs as another user, who has to reach it.
        var data = Path.Combine(Path.GetTempPath(), $"agentplatform-prove-{Environment.ProcessId}");
        Directory.CreateDirectory(data);
        try
        {
            return await Run(plan, data, say, ct);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    static async Task<ProveResult> Run(ProvePlan plan, string data, Action<string> say, CancellationToken ct)
    {
        await using var sink = await ProveSink.Start();

        // Held from before the first server's start: whatever happens to the servers, the database is stopped at the end.
        await using var database = await ProveDatabase.Open(data);
        await using var engine = Npgsql.NpgsqlDataSource.Create(database.Direct);
        await using var owner = Npgsql.NpgsqlDataSource.Create(database.DirectAsOwner);
        await using var servers = new ProveServers(data, database);
        await servers.Start(plan.LeaseSeconds);
        var (targets, tenant) = await Customer.Prepare(servers.Address(0),
            [("two-effects", TwoEffects(sink.Address)), ("three-pure-steps", Customer.ThreePureSteps), ("effects-and-a-wait", EffectsAndAWait(sink.Address))],
            new Uri(sink.Address, "vendor"));
        using var other = await ProveCustomer.Join(servers.Address(0));
        using var clock = new ProveClock(other);
        var (_, lined) = await Customer.Prepare(servers.Address(0));
        using var line = new ProveLine(owner, engine, lined);
        var poison = new ProvePoison(servers, sink, engine);
        var rows = new HistoryRows(engine, tenant);
        var samples = new Dictionary<Guid, FinalState>();
        using var clients = new ProveClients(servers, targets);
        var started = TimeProvider.System.GetTimestamp();
        clients.Start(plan.Clients, "d");
        line.Start();
        var done = new List<FaultKind>();
        foreach (var (round, fault) in ProveFaults.Of(plan, clock).TakeWhile(_ => !ct.IsCancellationRequested).Index())
        {
            await Task.Delay(Random.Shared.Next(200, 2_000), CancellationToken.None);
            await fault.Do(servers);
            done.Add(fault.Kind);
            if (round % 10 == 9)
            {
                foreach (var state in await rows.Sample())
                {
                    samples.TryAdd(state.RunId, state);
                }

                say($"{round + 1} faults, {servers.Kills} kills, {TimeProvider.System.GetElapsedTime(started):mm\\:ss}");
            }
        }

        var isWhole = !ct.IsCancellationRequested;
        if (isWhole && plan.Poisons > 0)
        {
            await servers.End();
            await servers.Start(plan.LeaseSeconds, maxLostWorkers: null);
            await poison.Run(plan.Poisons, CancellationToken.None);
        }

        await line.Stop();
        var sent = await clients.Stop();
        say($"{sent.Count} deliveries; waiting for the end of the last run");
        var drained = await new RunRows(engine, tenant).Drain(TimeSpan.FromSeconds(60));
        sent = await ResendUnknown(clients, sent);
        drained &= await new RunRows(engine, tenant).Drain(TimeSpan.FromSeconds(60));
        drained &= await new RunRows(engine, lined).Drain(TimeSpan.FromSeconds(60));
        await line.Judge();

        var leftovers = await Leftovers(rows);
        var facts = new HistoryFacts(sent, await rows.Runs(), await rows.Steps(), sink.Effects, [.. samples.Values], leftovers)
        {
            Calls = sink.Calls,
            Entries = await rows.Entries(),
        };
        await servers.End();
        say(drained ? "Judging" : "Not everything ended in time; judging all the same");
        return new ProveResult(plan, facts, servers.Kills, servers.Crashes, servers.SlowestDrain, servers.SlowestReturn, [.. History.Check(facts), .. line.Violations, .. poison.Check(), .. clock.Check(facts)])
        {
            IsWhole = isWhole,
            Done = done,
            Poisoned = poison.Poisoned,
            Clock = clock,
            Line = (line.Runs, line.Locked),
        };
    }

    /// <summary>
    /// Leases of killed servers go with the next renewal of the living one, and what they had set aside with its next look, every two seconds.
    /// What is still there after many of those stays there.
    /// </summary>
    static async Task<List<string>> Leftovers(HistoryRows rows)
    {
        var ended = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var left = await rows.Leftovers();
            if (left.Count == 0 || TimeProvider.System.GetElapsedTime(ended) > TimeSpan.FromSeconds(30))
            {
                return left;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), CancellationToken.None);
        }
    }

    /// <summary>What nobody answered is sent once more, and some of the answered ones: each must come to the one run it has.</summary>
    static async Task<List<Delivery>> ResendUnknown(ProveClients clients, List<Delivery> sent)
    {
        var all = sent.ToArray();
        await Parallel.ForAsync(0, all.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            if (all[i].Outcome is DeliveryOutcome.Unknown || (all[i].Outcome is DeliveryOutcome.Accepted && i % 97 == 0))
            {
                all[i] = await clients.Resend(all[i]);
            }
        });
        return [.. all];
    }

    static string TwoEffects(Uri sink) => $$"""
        slug: two-effects
        name: Two effects
        graph:
          nodes:
            - id: read
              skill: transform
              with: { id: "=input.id" }
            - id: {{History.First}}
              skill: http_request
              with: { method: POST, url: "{{new Uri(sink, History.First)}}", body: { delivery: "=read.id" } }
            - id: {{History.Second}}
              skill: http_request
              with: { method: POST, url: "{{new Uri(sink, History.Second)}}", body: { delivery: "=read.id", token: "=first.body.token" } }
          edges:
            - { from: read, to: {{History.First}} }
            - { from: {{History.First}}, to: {{History.Second}} }
          output: { id: "=read.id", token: "=second.body.token" }
        """;

    /// <summary>The same with a wait in between: the run is laid down and taken up again, by whoever lives then. At its end it asks a model, which costs something.</summary>
    static string EffectsAndAWait(Uri sink) => $$"""
        slug: effects-and-a-wait
        name: Effects and a wait
        graph:
          nodes:
            - id: {{History.First}}
              skill: http_request
              with: { method: POST, url: "{{new Uri(sink, History.First)}}", body: { delivery: "=input.id" } }
            - id: nap
              skill: wait
              with: { for: 400ms }
            - id: {{History.Second}}
              skill: http_request
              with: { method: POST, url: "{{new Uri(sink, History.Second)}}", body: { delivery: "=input.id", token: "=first.body.token" } }
            - id: ask
              skill: llm
              with: { model: "openai/gpt-5.4-mini", prompt: "=input.id" }
          edges:
            - { from: {{History.First}}, to: nap }
            - { from: nap, to: {{History.Second}} }
            - { from: {{History.Second}}, to: ask }
          output: { id: "=input.id", token: "=second.body.token", tokens: "=ask.text" }
        """;
}
