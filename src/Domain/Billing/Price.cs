namespace AgentPlatform.Domain.Billing;

/// <summary>What a vendor's service costs, in millionths of <paramref name="Currency"/>.</summary>
/// <param name="CachedInput">For a million input tokens that came from the vendor's cache.</param>
/// <param name="Input">For a million input tokens.</param>
/// <param name="Output">For a million output tokens, those of hidden reasoning included.</param>
/// <param name="Unit">For an image, a character or a second.</param>
public sealed record Price(string Currency, long Input, long Output, long CachedInput, long Unit = 0)
{
    const long PerMillion = 1_000_000;

    /// <summary>
    /// The cost of one call in micros: rounded to the nearest, halves up, but never to nothing, because a million calls that each cost a tenth of a micro
    /// cost something. Counts below zero are taken as zero, more cached tokens than input tokens as all of them, and what does not fit into 64 bits as the most that does.
    /// </summary>
    /// <param name="prompt">Input tokens in all, those from the cache included.</param>
    public long CostOf(long prompt, long completion, long cached = 0, long units = 0)
    {
        var fromCache = Math.Clamp(cached, 0, Math.Max(prompt, 0));
        var exact = ((Int128)(Math.Max(prompt, 0) - fromCache) * Input)
            + ((Int128)fromCache * CachedInput)
            + ((Int128)Math.Max(completion, 0) * Output)
            + ((Int128)Math.Max(units, 0) * Unit * PerMillion);
        if (exact <= 0)
        {
            return 0;
        }

        var rounded = (exact + (PerMillion / 2)) / PerMillion;
        return rounded > long.MaxValue ? long.MaxValue : Math.Max((long)rounded, 1);
    }
}

/// <summary>A price and when it holds.</summary>
/// <param name="FromPromptTokens">For calls with at least so many prompt tokens; then for the whole call.</param>
public sealed record DatedPrice(DateTimeOffset ValidFrom, long FromPromptTokens, Price Price);

/// <summary>All prices that a service ever had: a new one leaves the cost of what was used before as it was.</summary>
public sealed class PriceBook(IEnumerable<DatedPrice> prices)
{
    readonly DatedPrice[] newestFirst = [.. prices.OrderByDescending(p => p.ValidFrom).ThenByDescending(p => p.FromPromptTokens)];

    /// <summary>The price in force for a call of that size at that time; null where nobody knows it: what is free has a price of nothing.</summary>
    public Price? At(DateTimeOffset time, long promptTokens)
    {
        DateTimeOffset? inForce = null;
        foreach (var price in newestFirst)
        {
            if (price.ValidFrom > time || (inForce is { } from && price.ValidFrom != from))
            {
                continue;
            }

            inForce = price.ValidFrom;
            if (price.FromPromptTokens <= promptTokens)
            {
                return price.Price;
            }
        }

        return null;
    }

    /// <summary>The rows in force at that time, for show: the tiers of one price.</summary>
    public IEnumerable<DatedPrice> InForce(DateTimeOffset time)
    {
        var from = newestFirst.Where(p => p.ValidFrom <= time).Select(p => (DateTimeOffset?)p.ValidFrom).FirstOrDefault();
        return newestFirst.Where(p => p.ValidFrom == from).OrderBy(p => p.FromPromptTokens);
    }
}
