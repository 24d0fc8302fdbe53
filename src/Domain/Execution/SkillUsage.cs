namespace AgentPlatform.Domain.Execution;

/// <summary>What one outside call used, as its vendor counted it, and what that costs by the price in force when it was made. An answer, a refusal and an
/// error can all have cost something.</summary>
/// <param name="Service">The vendor service's id, <c>vendor/service</c>.</param>
public sealed record SkillUsage(string Service)
{
    /// <summary>Far above what a call can use, and low enough that a thousand of them still have a sum.</summary>
    public const long MaxAmount = 1_000_000_000_000_000;

    /// <summary>ISO 4217 for no currency.</summary>
    public const string Unpriced = "XXX";

    /// <summary>Input tokens in all, those that came from the vendor's cache included.</summary>
    public long TokensPrompt { get; init; }

    /// <summary>Output tokens in all, those of hidden reasoning included.</summary>
    public long TokensCompletion { get; init; }

    public long TokensCached { get; init; }

    public long TokensReasoning { get; init; }

    /// <summary>Calls that reached the vendor, failed tries and fallbacks to this service included.</summary>
    public int ApiCalls { get; init; } = 1;

    /// <summary>Images, characters or seconds, where that is what the vendor charges.</summary>
    public long Units { get; init; }

    /// <summary>Millionths of <see cref="Currency"/>; 0 for what is free, and for what nobody knows the price of.</summary>
    public long CostMicros { get; init; }

    /// <summary>ISO 4217; <see cref="Unpriced"/> where nobody knows the price: then no sum of money includes it, and every sum by currency shows it.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>The vendor did not say what was used (a stream that was cut, no usage field): counted by us, never taken as free.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>The same within what can be booked: a vendor's nonsense must not keep the step's result from being stored.</summary>
    public SkillUsage Bounded() => this with
    {
        TokensPrompt = Bound(TokensPrompt),
        TokensCompletion = Bound(TokensCompletion),
        TokensCached = Bound(TokensCached),
        TokensReasoning = Bound(TokensReasoning),
        ApiCalls = Math.Clamp(ApiCalls, 0, 1_000_000),
        Units = Bound(Units),
        CostMicros = Bound(CostMicros),
    };

    static long Bound(long amount) => Math.Clamp(amount, 0, MaxAmount);
}
