namespace AgentPlatform.Benchmarks;

/// <param name="Kills">SIGKILLs at random moments, with <paramref name="LeaseSeconds"/>.</param>
/// <param name="Stops">SIGSTOPs for twice the lease, while a second server takes over.</param>
/// <param name="Rolls">Rolling restarts: a second server comes up, the first is told to end and drains.</param>
/// <param name="DatabaseStops">Immediate stops of PostgreSQL, away for up to two seconds.</param>
/// <param name="Cuts">Times that every connection to the database is broken, half of them after its answers were swallowed for a moment.</param>
/// <param name="DefaultLeaseKills">SIGKILLs with the lease that users have.</param>
/// <param name="Shifts">Times that a second server shares the work whose clock is an hour ahead or three minutes behind, in turn.</param>
/// <param name="Poisons">Runs that take their server down whenever they are tried; each costs three SIGKILLs besides.</param>
sealed record ProvePlan(int Kills, int Stops, int Rolls, int DatabaseStops, int Cuts, int DefaultLeaseKills, int Clients, int LeaseSeconds, int Shifts = 0, int Poisons = 0)
{
    /// <summary>200 kills bring 50 stops, 20 rolling restarts, 30 database stops, 50 cuts, 20 wrong clocks and 5 poisons with them.</summary>
    public static ProvePlan Of(int kills) => new(
        kills, Stops: Share(kills, 4), Rolls: Share(kills, 10), DatabaseStops: Share(kills * 3, 20), Cuts: Share(kills, 4), DefaultLeaseKills: Share(kills, 40), Clients: 16, LeaseSeconds: 2, Shifts: Math.Max(2, kills / 10), Poisons: Share(kills, 40));

    static int Share(int kills, int of) => Math.Max(1, kills / of);
}
