namespace AgentPlatform.Benchmarks;

/// <param name="Crashes">When a server was killed or stopped.</param>
sealed record ProveResult(ProvePlan Plan, HistoryFacts Facts, int Kills, IReadOnlyList<DateTime> Crashes, TimeSpan SlowestDrain, TimeSpan SlowestReturn, IReadOnlyList<Violation> Violations)
{
    /// <summary>Whether everything planned was done.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>The faults, poison apart.</summary>
    public required IReadOnlyList<FaultKind> Done { get; init; }

    public IReadOnlyList<PoisonFact> Poisoned { get; init; } = [];

    public required ProveClock Clock { get; init; }

    /// <summary>Brief runs put into the queue by the hundred, and how many of them were seen to be noted as locked.</summary>
    public required (long Runs, long Locked) Line { get; init; }

    public int Accepted => Facts.Deliveries.Count(delivery => delivery.Outcome is DeliveryOutcome.Accepted);

    public int Unknown => Facts.Deliveries.Count(delivery => delivery.Outcome is DeliveryOutcome.Unknown);

    public int RepeatedEffects => Facts.Effects.Count - Facts.Effects.DistinctBy(effect => effect.Key).Count();

    /// <summary>Runs that a crash interrupted and another attempt ended. Those of the agent that waits have a second attempt anyhow.</summary>
    public IReadOnlyList<RunFact> Recovered
    {
        get
        {
            var waiting = Facts.Deliveries.Where(delivery => Prove.Waits(delivery.Client)).Select(delivery => delivery.Id).ToHashSet();
            return [.. Facts.Runs.Where(run => run.Attempt > 1 && !waiting.Contains(run.Delivery))];
        }
    }

    /// <summary>From the last crash of its lifetime to the end of a run that was interrupted.</summary>
    public TimeSpan SlowestRecovery => Recovered
        .Select(run => run.FinishedAt is { } end && Crashes.Where(crash => crash >= run.QueuedAt && crash < end).ToList() is { Count: > 0 } before ? end - before[^1] : TimeSpan.Zero)
        .DefaultIfEmpty().Max();

    /// <summary>From its acceptance to its end, whatever happened in between.</summary>
    public TimeSpan LongestRun => Facts.Runs.Select(run => (run.FinishedAt - run.QueuedAt) ?? TimeSpan.Zero).DefaultIfEmpty().Max();

    public string ToTable()
    {
        var table = new Table("figure", "value");
        table.Add("kills (of them with the default lease)", $"{Kills} ({Times(FaultKind.DefaultLeaseKill)})");
        table.Add("stops of twice the lease, rolling restarts", $"{Times(FaultKind.Stop)}, {Times(FaultKind.Roll)}");
        table.Add("immediate stops of PostgreSQL, cuts of every connection to it", $"{Times(FaultKind.DatabaseStop)}, {Times(FaultKind.Cut)}");
        table.Add("deliveries accepted, refused, unknown", $"{Accepted}, {Facts.Deliveries.Count - Accepted - Unknown}, {Unknown}");
        table.Add("deliveries sent again", $"{Facts.Deliveries.Count(delivery => delivery.Again is not null)}");
        table.Add("runs", $"{Facts.Runs.Count}");
        table.Add("brief runs queued by the hundred, seen to be tried under a lock", $"{Line.Runs}, {Line.Locked}");
        table.Add("runs that went on after a crash", $"{Recovered.Count}");
        table.Add("effects seen, of them repetitions under the same key", $"{Facts.Effects.Count}, {RepeatedEffects}");
        table.Add("calls that a model charged for, booked, of unknown outcome", $"{Facts.Calls.Count}, {Facts.Entries.Count}, {Facts.Calls.Count - Facts.Entries.Count(entry => !entry.IsEstimated)}");
        table.Add("final states sampled", $"{Facts.Samples.Count}");
        table.Add("slowest recovery after a crash", $"{SlowestRecovery.TotalSeconds:0.0} s");
        table.Add("longest run, from acceptance to end", $"{LongestRun.TotalSeconds:0.0} s");
        table.Add("slowest drain", $"{SlowestDrain.TotalSeconds:0.0} s");
        table.Add("slowest return to readiness after PostgreSQL was back", $"{SlowestReturn.TotalSeconds:0.0} s");
        table.Add("poison: runs, servers they took down, quarantined, succeeded when redriven",
            $"{Poisoned.Count}, {Poisoned.Sum(run => run.Deaths)}, {Poisoned.Count(run => run.IsQuarantined)}, {Poisoned.Count(run => run.AfterRedrive == "succeeded")}");
        table.Add("wrong clocks: servers, runs taken from others, keys misjudged",
            ProveClock.IsAvailable ? $"{Clock.Shifts.Count}, {Clock.Stolen(Facts).Count()}, {Clock.MisjudgedKeys}" : "not tried: libfaketime is not installed");
        table.Add("lost", $"{Count(History.Lost)}");
        table.Add("doubled", $"{Count(History.Doubled) + Count(History.DoubledStep)}");
        table.Add("violations", $"{Violations.Count}");
        return table.ToString();
    }

    int Times(FaultKind kind) => Done.Count(done => done == kind);

    int Count(string kind) => Violations.Count(violation => violation.Kind == kind);
}
