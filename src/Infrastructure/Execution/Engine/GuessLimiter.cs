using System.Threading.RateLimiting;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>How often one address may ask for webhooks that this node does not know: enough for a sender after a restart, too little for guessing.</summary>
sealed class GuessLimiter : IDisposable
{
    const int Burst = 200;
    const int PerSecond = 20;

    readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(ip =>
        RateLimitPartition.GetTokenBucketLimiter(ip, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Burst,
            TokensPerPeriod = PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    public bool MayAsk(string? ip)
    {
        using var lease = limiter.AttemptAcquire(ip ?? "");
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();
}
