namespace AgentPlatform.Benchmarks;

/// <summary>
/// Judges what happened from outside: what senders were told, what the database holds at the end, what the sink saw. It knows nothing of the
/// engine but its promise: accepted runs end once, effects happen at least once under one key, results count once.
/// </summary>
static class History
{
    public const string Lost = "lost";
    public const string Doubled = "doubled";
    public const string Unasked = "unasked";
    public const string NotSucceeded = "not succeeded";
    public const string DoubledStep = "doubled step";
    public const string EffectWithoutRun = "effect without run";
    public const string UnstableKey = "unstable key";
    public const string OutOfOrder = "effect out of order";
    public const string ResultChanged = "result changed";
    public const string MissingEffect = "missing effect";
    public const string ChangedFinalState = "changed final state";
    public const string Leftover = "leftover";
    public const string Line = "brief run";

    public const string First = "first";
    public const string Second = "second";

    static readonly string[] Effectful = [First, Second];

    public static IReadOnlyList<Violation> Check(HistoryFacts facts)
    {
        var runs = facts.Runs.ToDictionary(run => run.Id);
        return
        [
            .. Deliveries(facts, runs),
            .. Ends(facts),
            .. Steps(facts),
            .. Effects(facts, runs),
            .. Samples(facts, runs),
            .. HistoryMoney.Check(facts),
            .. facts.Leftovers.Select(what => new Violation(Leftover, what, "nothing is under way any more")),
        ];
    }

    static IEnumerable<Violation> Deliveries(HistoryFacts facts, Dictionary<Guid, RunFact> runs)
    {
        var stored = facts.Runs.ToLookup(run => run.Delivery);
        var sent = facts.Deliveries.Select(delivery => delivery.Id).ToHashSet();
        foreach (var run in facts.Runs.Where(run => !sent.Contains(run.Delivery)))
        {
            yield return new Violation(Unasked, run.Id.ToString(), $"nobody sent {run.Delivery}");
        }

        foreach (var delivery in facts.Deliveries)
        {
            var mine = stored[delivery.Id].ToList();
            if (mine.Count > 1)
            {
                yield return new Violation(Doubled, delivery.Id, $"runs {string.Join(", ", mine.Select(run => run.Id))}");
            }

            if (delivery.RunId is { } accepted && !runs.ContainsKey(accepted))
            {
                yield return new Violation(Lost, delivery.Id, $"run {accepted} was accepted and is not there");
            }

            if (delivery.Outcome is DeliveryOutcome.Refused && mine.Count > 0)
            {
                yield return new Violation(Unasked, delivery.Id, $"was refused, and run {mine[0].Id} exists");
            }

            foreach (var told in new[] { delivery.RunId, delivery.Again })
            {
                if (told is { } id && runs.TryGetValue(id, out var run) && run.Delivery != delivery.Id)
                {
                    yield return new Violation(Doubled, delivery.Id, $"was answered with run {id}, which is {run.Delivery}'s");
                }
            }

            if (delivery is { RunId: { } first, Again: { } again } && first != again)
            {
                yield return new Violation(Doubled, delivery.Id, $"was answered with run {first}, its repetition with {again}");
            }

            if (delivery.Outcome is DeliveryOutcome.Unknown && (delivery.Again is null || mine.Count == 0))
            {
                yield return new Violation(Lost, delivery.Id, "was sent again and has no run");
            }
        }
    }

    static IEnumerable<Violation> Ends(HistoryFacts facts) => facts.Runs.Where(run => run.Status != "succeeded")
        .Select(run => new Violation(NotSucceeded, run.Id.ToString(), $"{run.Status} {run.Error} at attempt {run.Attempt}"));

    /// <summary>A pure step is computed again after a crash, so it may have a row for each attempt of its run; an effectful one's result counts once.</summary>
    static IEnumerable<Violation> Steps(HistoryFacts facts)
    {
        var written = new HashSet<(Guid, string, int, int)>();
        var results = new HashSet<(Guid, string)>();
        foreach (var step in facts.Steps)
        {
            var again = !written.Add((step.RunId, step.Node, step.Attempt, step.RunAttempt));
            var twice = Effectful.Contains(step.Node) && step.Status == "succeeded" && !results.Add((step.RunId, step.Node));
            if (again || twice)
            {
                yield return new Violation(DoubledStep, $"{step.RunId}/{step.Node}", $"attempt {step.Attempt} of attempt {step.RunAttempt} of the run");
            }
        }

        var effectful = facts.Deliveries.Where(delivery => delivery.HasEffects).Select(delivery => delivery.Id).ToHashSet();
        foreach (var run in facts.Runs.Where(run => run.Status == "succeeded" && effectful.Contains(run.Delivery)))
        {
            foreach (var node in Effectful.Where(node => !results.Contains((run.Id, node))))
            {
                yield return new Violation(MissingEffect, $"{run.Id}/{node}", "the run succeeded without a stored result of this step");
            }
        }
    }

    static IEnumerable<Violation> Effects(HistoryFacts facts, Dictionary<Guid, RunFact> runs)
    {
        var effects = facts.Effects.ToLookup(effect => effect.Delivery);
        foreach (var effect in facts.Effects)
        {
            var slash = effect.Key.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || !Guid.TryParse(effect.Key[..slash], out var id) || !runs.TryGetValue(id, out var run) || run.Delivery != effect.Delivery)
            {
                yield return new Violation(EffectWithoutRun, effect.Key, $"{effect.Node} of {effect.Delivery}");
            }
            else if (effect.Key[(slash + 1)..] != effect.Node)
            {
                yield return new Violation(UnstableKey, effect.Key, $"names another step than {effect.Node}");
            }
        }

        foreach (var mine in effects)
        {
            foreach (var node in mine.GroupBy(effect => effect.Node))
            {
                if (node.Select(effect => effect.Key).Distinct().Skip(1).Any())
                {
                    yield return new Violation(UnstableKey, mine.Key, string.Join(", ", node.Select(effect => effect.Key).Distinct()));
                }
            }
        }

        var effectful = facts.Deliveries.Where(delivery => delivery.HasEffects).Select(delivery => delivery.Id).ToHashSet();
        foreach (var run in facts.Runs.Where(run => effectful.Contains(run.Delivery)))
        {
            foreach (var violation in Order(run, [.. effects[run.Delivery]]))
            {
                yield return violation;
            }
        }
    }

    /// <summary>Each call of the first step gets a token of its own. The one that was checkpointed is the only one that may ever go on.</summary>
    static IEnumerable<Violation> Order(RunFact run, List<Effect> effects)
    {
        var seconds = effects.FindAll(effect => effect.Node == Second);
        foreach (var second in seconds.Where(second => !effects.Exists(first => first.Node == First && first.Token == second.Token && first.Order < second.Order)))
        {
            yield return new Violation(OutOfOrder, second.Key, $"token {second.Token} was not given out before");
        }

        var tokens = seconds.Select(second => second.Token).Distinct().ToList();
        if (tokens.Count > 1)
        {
            yield return new Violation(ResultChanged, run.Id.ToString(), $"the second step went on with {string.Join(" and ", tokens)}");
        }

        if (run.Status == "succeeded" && (tokens.Count == 0 || !tokens.Contains(run.Token!)))
        {
            yield return new Violation(tokens.Count == 0 ? MissingEffect : ResultChanged, run.Id.ToString(), $"ended with {run.Token}, the sink saw {string.Join(", ", tokens)}");
        }
    }

    static IEnumerable<Violation> Samples(HistoryFacts facts, Dictionary<Guid, RunFact> runs) => facts.Samples
        .Where(sample => !runs.TryGetValue(sample.RunId, out var run) || run.Status != sample.Status || run.FinishedAt != sample.FinishedAt || run.Hash != sample.Hash)
        .Select(sample => new Violation(ChangedFinalState, sample.RunId.ToString(), $"was {sample.Status} at {sample.FinishedAt:O}"));
}
