namespace AgentPlatform.Benchmarks;

/// <summary>What a sender knows of a delivery.</summary>
enum DeliveryOutcome
{
    /// <summary>Answered with 2xx and the run's id: from here on it may never be lost.</summary>
    Accepted,

    /// <summary>Answered with 4xx: nothing may have been stored.</summary>
    Refused,

    /// <summary>The connection broke, nobody answered in time, or a 5xx: it may have been stored or not.</summary>
    Unknown,
}

/// <param name="Id">The delivery's <c>webhook-id</c>, which its body carries too.</param>
/// <param name="HasEffects">Whether its agent calls the sink.</param>
/// <param name="RunId">As the first answer said.</param>
/// <param name="Client">Who sent it, which says to which agent.</param>
/// <param name="Again">The run that a repetition of the delivery was answered with, after everything else had ended.</param>
sealed record Delivery(string Id, bool HasEffects, DeliveryOutcome Outcome, Guid? RunId, Guid? Again = null, int Client = 0);

/// <param name="Delivery">The id that the run's input carries.</param>
/// <param name="Token">What the first effect's answer gave the run, as its output shows it.</param>
/// <param name="Hash">Of the whole output.</param>
sealed record RunFact(
    Guid Id, string Delivery, string Status, int Attempt, DateTime QueuedAt, DateTime? FinishedAt, string? Token, string Hash, string? Error)
{
    /// <summary>How many tokens the vendor's answer says that the run went on with.</summary>
    public long? Tokens { get; init; }

    public long CostMicros { get; init; }
}

/// <param name="RunAttempt">In which of the run's attempts the row was written.</param>
sealed record StepFact(Guid RunId, string Node, int Attempt, int RunAttempt, string Status);

/// <summary>A call that the sink answered.</summary>
/// <param name="Order">Position among all calls, as they came in.</param>
/// <param name="Key">Its <c>Idempotency-Key</c>.</param>
/// <param name="Token">Given out by the sink for <c>first</c>, brought along by <c>second</c>. Every call of <c>first</c> gets a new one.</param>
sealed record Effect(long Order, string Key, string Node, string Delivery, string Token);

/// <summary>A call that the vendor charged for.</summary>
/// <param name="Tokens">That the question used: another number for each call, told in the answer.</param>
/// <param name="Answered">Tokens of the answer.</param>
sealed record VendorCall(string Delivery, long Tokens, long Answered);

/// <param name="IsEstimated">The answer did not come, and the tokens are counted by the platform.</param>
sealed record LedgerFact(Guid RunId, long Tokens, long Answered, long CostMicros, bool IsEstimated);

/// <summary>A run's final state as it was read while the load went on.</summary>
sealed record FinalState(Guid RunId, string Status, DateTime FinishedAt, string Hash);

/// <summary>Everything that was seen from outside.</summary>
/// <param name="Leftovers">Queue rows and leases that are still there although nothing is under way.</param>
sealed record HistoryFacts(
    IReadOnlyList<Delivery> Deliveries, IReadOnlyList<RunFact> Runs, IReadOnlyList<StepFact> Steps, IReadOnlyList<Effect> Effects,
    IReadOnlyList<FinalState> Samples, IReadOnlyList<string> Leftovers)
{
    public IReadOnlyList<VendorCall> Calls { get; init; } = [];

    public IReadOnlyList<LedgerFact> Entries { get; init; } = [];
}

/// <param name="Kind">One of the names in <see cref="History"/>.</param>
/// <param name="Id">The delivery, run, step or effect at fault.</param>
sealed record Violation(string Kind, string Id, string Detail);
