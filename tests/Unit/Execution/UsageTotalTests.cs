using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Execution.Engine;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Execution;

public sealed class UsageTotalTests
{
    static readonly Gen<SkillUsage[]> Usages = (
        from service in Gen.Elements("a/one", "a/two", "b/one")
        from currency in Gen.Elements("USD", "EUR")
        from prompt in Gen.Choose(-5, int.MaxValue)
        from completion in Gen.Choose(0, int.MaxValue)
        from cost in Gen.Elements(long.MinValue, -1, 0, 1, 999_999, SkillUsage.MaxAmount, long.MaxValue)
        from calls in Gen.Choose(-1, 5)
        from estimated in Gen.Elements(true, false)
        select new SkillUsage(service) { TokensPrompt = prompt, TokensCompletion = completion, CostMicros = cost, ApiCalls = calls, Currency = currency, IsEstimated = estimated }).ArrayOf();

    [Test]
    public void Sums_to_the_unit_in_whatever_order() => Prop.ForAll(Usages.ToArbitrary(), usages =>
    {
        SkillUsage[] bounded = [.. usages.Select(usage => usage.Bounded())];
        var (forth, back) = (Total(bounded), Total(bounded.Reverse()));
        return UsageJson.Write(forth.Entries).AsSpan().SequenceEqual(UsageJson.Write(back.Entries))
            && forth.Entries.Sum(entry => (decimal)entry.CostMicros) == bounded.Sum(entry => (decimal)entry.CostMicros)
            && forth.Entries.Sum(entry => entry.TokensPrompt + entry.TokensCompletion) == bounded.Sum(entry => entry.TokensPrompt + entry.TokensCompletion)
            && forth.Entries.Sum(entry => entry.ApiCalls) == bounded.Sum(entry => entry.ApiCalls)
            && forth.Entries.Select(entry => (entry.Service, entry.Currency)).SequenceEqual(bounded.Select(entry => (entry.Service, entry.Currency)).Distinct().Order());
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Reads_back_what_it_wrote() => Prop.ForAll(Usages.ToArbitrary(), usages =>
        UsageJson.Read(System.Text.Encoding.UTF8.GetString(UsageJson.Write(usages))).SequenceEqual(usages)).QuickCheckThrowOnFailure();

    [Test]
    public void What_is_booked_is_within_bounds_however_wild_a_vendor_s_figures_are() => Prop.ForAll(Usages.ToArbitrary(), usages =>
        usages.Select(usage => usage.Bounded()).All(usage =>
            usage is { TokensPrompt: >= 0, ApiCalls: >= 0, CostMicros: >= 0 and <= SkillUsage.MaxAmount })).QuickCheckThrowOnFailure();

    static UsageTotal Total(IEnumerable<SkillUsage> usages)
    {
        var total = new UsageTotal();
        foreach (var usage in usages)
        {
            total.Add(usage);
        }

        return total;
    }
}
