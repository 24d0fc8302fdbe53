namespace AgentPlatform.Benchmarks;

/// <param name="Kills">SIGKILLs at random moments, with <paramref name="LeaseSeconds"/>.</param>
/// <param name="Stops">SIGSTOPs for twice the lease, while a second server takes over.</param>
/// <param name="Rolls">Rolling restarts: a second server comes up, the first is told to end and drains.</param>
/// <param name="DefaultLeaseKills">SIGKILLs with the lease that users have.</param>
sealed record ProvePlan(int Kills, int Stops, int Rolls, int DefaultLeaseKills, int Clients, int LeaseSeconds)
{
    public static ProvePlan Of(int kills) => new(kills, Math.Max(1, kills / 20), Math.Max(1, kills / 20), Math.Max(1, kills / 40), Clients: 16, LeaseSeconds: 2);
}
