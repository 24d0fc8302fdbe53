namespace AgentPlatform.Benchmarks;

/// <summary>
/// Holds the ledger against the vendor's own count, call by call: each call used another number of tokens, so an entry says which call it is for.
/// A call that is not booked is one whose server was gone before the answer was stored; nobody knows of it but the vendor.
/// </summary>
static class HistoryMoney
{
    public const string BookedTwice = "booked twice";
    public const string NotCharged = "booked, not charged";
    public const string NotBooked = "paid, not booked";
    public const string Unexplained = "call without a trace";
    public const string WrongSum = "run's cost is not its entries'";

    /// <summary>One for its start and one for after its wait: a run with more of them was interrupted.</summary>
    const int AttemptsUndisturbed = 2;

    public static IEnumerable<Violation> Check(HistoryFacts facts)
    {
        var runs = facts.Runs.ToDictionary(run => run.Id);
        var calls = facts.Calls.ToDictionary(call => call.Tokens);
        var booked = new HashSet<long>();
        foreach (var entry in facts.Entries.Where(entry => !entry.IsEstimated))
        {
            if (!calls.TryGetValue(entry.Tokens, out var call) || !runs.TryGetValue(entry.RunId, out var run) || run.Delivery != call.Delivery || call.Answered != entry.Answered)
            {
                yield return new Violation(NotCharged, entry.RunId.ToString(), $"{entry.Tokens} tokens");
            }
            else if (!booked.Add(call.Tokens))
            {
                yield return new Violation(BookedTwice, entry.RunId.ToString(), $"{entry.Tokens} tokens");
            }
        }

        var entries = facts.Entries.ToLookup(entry => entry.RunId);
        var byDelivery = facts.Runs.ToLookup(run => run.Delivery);
        foreach (var run in facts.Runs)
        {
            if (run.Tokens is { } paid && !entries[run.Id].Any(entry => entry.Tokens == paid))
            {
                yield return new Violation(NotBooked, run.Id.ToString(), $"it went on with the answer of {paid} tokens");
            }

            if (run.CostMicros != entries[run.Id].Sum(entry => entry.CostMicros))
            {
                yield return new Violation(WrongSum, run.Id.ToString(), $"{run.CostMicros} and {entries[run.Id].Sum(entry => entry.CostMicros)}");
            }
        }

        foreach (var call in facts.Calls.Where(call => !booked.Contains(call.Tokens) && byDelivery[call.Delivery].All(run => run.Attempt <= AttemptsUndisturbed)))
        {
            yield return new Violation(Unexplained, call.Delivery, $"{call.Tokens} tokens were charged, and nothing had happened to the run");
        }
    }
}
