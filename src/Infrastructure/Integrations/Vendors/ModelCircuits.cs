using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

/// <summary>
/// How often one tenant's credential asks one vendor again, and when it stops for a while: what one tenant's broken key or one vendor's outage does
/// is nobody else's trouble. Kept per node: each finds out for itself, which takes a handful of calls.
/// </summary>
sealed class ModelCircuits(ModelOptions options, TimeProvider time)
{
    /// <summary>Past this all start afresh, closed, rather than growing without bound.</summary>
    const int MaxKept = 10_000;

    static readonly TimeSpan Sampling = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<(Guid Tenant, Guid Credential, string Vendor), ResiliencePipeline> pipelines = new();

    public ResiliencePipeline For(Guid tenantId, Guid credentialId, VendorService service)
    {
        // The sandbox's services fail on purpose: one of them must not silence the others.
        var key = (tenantId, credentialId, service.Vendor.IsSandbox ? service.Id : service.Vendor.Id);
        if (pipelines.TryGetValue(key, out var known))
        {
            return known;
        }

        if (pipelines.Count >= MaxKept)
        {
            pipelines.Clear();
        }

        return pipelines.GetOrAdd(key, _ => Build());
    }

    ResiliencePipeline Build()
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (options.Tries > 1)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.Tries - 1,
                ShouldHandle = args => new(args.Outcome.Exception is ModelException { Error: { Retryable: true } error } && (error.RetryAfter ?? TimeSpan.Zero) <= options.MaxPause),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.Pause,
                MaxDelay = options.MaxPause,
                DelayGenerator = static args => new((args.Outcome.Exception as ModelException)?.Error.RetryAfter),
            });
        }

        // Inside the retries: each try counts, and the first one after the circuit opened is the last.
        return builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.5,
            MinimumThroughput = options.BreakAfter,
            SamplingDuration = Sampling,
            BreakDuration = options.BreakFor,
            ShouldHandle = static args => new(args.Outcome.Exception is ModelException { IsOutage: true }),
        }).Build();
    }
}
