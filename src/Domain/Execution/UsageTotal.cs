namespace AgentPlatform.Domain.Execution;

/// <summary>What several calls used together, one entry for each service and currency, in the order of the services' names.</summary>
public sealed class UsageTotal
{
    readonly SortedDictionary<(string Service, string Currency), SkillUsage> entries = new(Comparer<(string Service, string Currency)>.Create(Compare));

    public IReadOnlyCollection<SkillUsage> Entries => entries.Values;

    public bool IsEmpty => entries.Count == 0;

    public void Add(SkillUsage usage)
    {
        var key = (usage.Service, usage.Currency);
        entries[key] = entries.GetValueOrDefault(key) is { } sum ? Sum(sum, usage) : usage;
    }

    static SkillUsage Sum(SkillUsage a, SkillUsage b) => a with
    {
        TokensPrompt = a.TokensPrompt + b.TokensPrompt,
        TokensCompletion = a.TokensCompletion + b.TokensCompletion,
        TokensCached = a.TokensCached + b.TokensCached,
        TokensReasoning = a.TokensReasoning + b.TokensReasoning,
        ApiCalls = a.ApiCalls + b.ApiCalls,
        Units = a.Units + b.Units,
        CostMicros = a.CostMicros + b.CostMicros,
        IsEstimated = a.IsEstimated || b.IsEstimated,
    };

    static int Compare((string Service, string Currency) a, (string Service, string Currency) b) =>
        string.CompareOrdinal(a.Service, b.Service) is var order and not 0 ? order : string.CompareOrdinal(a.Currency, b.Currency);
}
