namespace AgentPlatform.Benchmarks;

enum FaultKind
{
    Kill,
    KillTwice,
    Stop,
    Roll,
    DatabaseStop,
    Cut,
    DefaultLease,
    DefaultLeaseKill,
    Shift,
}

sealed record Fault(FaultKind Kind, Func<ProveServers, Task> Do);

/// <summary>What is done to the servers and their database, one after another.</summary>
static class ProveFaults
{
    /// <summary>
    /// All kinds of faults in a random order; the default lease comes last, on a server of its own. It is also what wrong clocks are tried with: on a machine that
    /// is busy enough, a lease of two seconds is lost by mere slowness.
    /// </summary>
    public static IEnumerable<Fault> Of(ProvePlan plan, ProveClock clock)
    {
        var twice = plan.Kills / 20;
        Fault[] order =
        [
            .. Enumerable.Repeat(new Fault(FaultKind.KillTwice, servers => servers.KillTwice()), twice),
            .. Enumerable.Repeat(new Fault(FaultKind.Kill, servers => servers.Kill()), plan.Kills - (2 * twice)),
            .. Enumerable.Repeat(new Fault(FaultKind.Stop, servers => servers.Stop(TimeSpan.FromSeconds(2 * plan.LeaseSeconds))), plan.Stops),
            .. Enumerable.Repeat(new Fault(FaultKind.Roll, servers => servers.Roll()), plan.Rolls),
            .. Enumerable.Repeat(new Fault(FaultKind.DatabaseStop, servers => servers.StopDatabase()), plan.DatabaseStops),
            .. Enumerable.Repeat(new Fault(FaultKind.Cut, servers => servers.CutConnections()), plan.Cuts),
        ];
        Random.Shared.Shuffle(order);
        var shifts = ProveClock.IsAvailable ? plan.Shifts : 0;
        return [.. order, .. plan.DefaultLeaseKills + shifts > 0 ? WithDefaultLease(plan, shifts, clock) : []];
    }

    static IEnumerable<Fault> WithDefaultLease(ProvePlan plan, int shifts, ProveClock clock) =>
    [
        new(FaultKind.DefaultLease, async servers =>
        {
            await servers.End();
            await servers.Start(leaseSeconds: null);
            await clock.MakeKeys(servers.Address(0));
        }),
        .. Enumerable.Repeat(new Fault(FaultKind.DefaultLeaseKill, servers => servers.Kill()), plan.DefaultLeaseKills),

        // Not further back than the machine has been up for, or its monotonic clock would be negative.
        .. Enumerable.Range(0, shifts).Select(i => new Fault(FaultKind.Shift, servers => servers.Shift(i % 2 == 0 ? "+1h" : "-3m", TimeSpan.FromSeconds(4), clock))),
    ];
}
