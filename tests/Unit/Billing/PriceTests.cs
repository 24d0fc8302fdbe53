using System.Numerics;
using AgentPlatform.Domain.Billing;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Billing;

public sealed class PriceTests
{
    static readonly Gen<long> Count = Gen.OneOf(Gen.Choose(0, 2_000_000).Select(n => (long)n), Gen.Elements(0L, 1L, 999_999L, 1_000_000_000L, long.MaxValue, -1L, long.MinValue));

    static readonly Gen<long> Micros = Gen.OneOf(Gen.Choose(0, 100_000_000).Select(n => (long)n), Gen.Elements(0L, 1L, 499_999L, 500_000L, 500_001L, 1_000_000_000_000L));

    static readonly Arbitrary<(Price Price, long Prompt, long Completion, long Cached, long Units)> Calls =
        (from input in Micros
         from output in Micros
         from cachedInput in Micros
         from unit in Micros
         from prompt in Count
         from completion in Count
         from cached in Count
         from units in Count
         select (new Price("USD", input, output, cachedInput, unit), prompt, completion, cached, units)).ToArbitrary();

    [Test]
    public void Is_the_exact_cost_rounded_to_the_nearest_micro_and_never_nothing_for_something() => Prop.ForAll(Calls, call =>
    {
        var exact = Exact(call.Price, call.Prompt, call.Completion, call.Cached, call.Units);
        var cost = call.Price.CostOf(call.Prompt, call.Completion, call.Cached, call.Units);
        return exact.IsZero ? cost == 0
            : exact > (BigInteger)long.MaxValue * 1_000_000 ? cost == long.MaxValue
            : cost == 1 ? exact < 1_500_000
            : BigInteger.Abs(((BigInteger)cost * 1_000_000) - exact) <= 500_000;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    [Test]
    public void Never_falls_when_more_is_used() => Prop.ForAll(Calls, call =>
    {
        var (price, prompt, completion, _, units) = call;
        var cost = price.CostOf(prompt, completion, 0, units);
        return price.CostOf(prompt == long.MaxValue ? prompt : prompt + 1, completion, 0, units) >= cost
            && price.CostOf(prompt, completion == long.MaxValue ? completion : completion + 1, 0, units) >= cost;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [TestCase(1_000_000, 0, 0, 3_000_000)]
    [TestCase(0, 1_000_000, 0, 15_000_000)]
    [TestCase(1_000_000, 0, 1_000_000, 300_000)]
    [TestCase(1000, 500, 400, 1800 + 7500 + 120)]
    [TestCase(1, 0, 1, 1)]
    [TestCase(10, 0, 20, 3)]
    public void Charges_cached_tokens_by_their_own_price(long prompt, long completion, long cached, long micros) =>
        Assert.That(new Price("USD", 3_000_000, 15_000_000, 300_000).CostOf(prompt, completion, cached), Is.EqualTo(micros));

    [Test]
    public void Keeps_the_price_of_its_time_and_of_its_size()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var (old, cheap, dear) = (new Price("USD", 1, 1, 1), new Price("USD", 2, 2, 2), new Price("USD", 3, 3, 3));
        var book = new PriceBook([new(start.AddDays(10), 0, cheap), new(start, 0, old), new(start.AddDays(10), 200_000, dear), new(start, 50, dear)]);
        Assert.Multiple(() =>
        {
            Assert.That(book.At(start.AddTicks(-1), 10), Is.Null);
            Assert.That(book.At(start, 10), Is.EqualTo(old));
            Assert.That(book.At(start, 50), Is.EqualTo(dear));
            Assert.That(book.At(start.AddDays(10), 199_999), Is.EqualTo(cheap));
            Assert.That(book.At(start.AddDays(99), 200_000), Is.EqualTo(dear));
            Assert.That(book.InForce(start.AddDays(11)).Select(p => p.FromPromptTokens), Is.EqualTo([0, 200_000]));
        });
    }

    static BigInteger Exact(Price price, long prompt, long completion, long cached, long units)
    {
        BigInteger input = Math.Max(prompt, 0), fromCache = BigInteger.Min(BigInteger.Max(cached, 0), input);
        return ((input - fromCache) * price.Input) + (fromCache * price.CachedInput) + ((BigInteger)Math.Max(completion, 0) * price.Output)
            + ((BigInteger)Math.Max(units, 0) * price.Unit * 1_000_000);
    }
}
