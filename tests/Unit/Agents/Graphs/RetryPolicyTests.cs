using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Unit.Agents.Graphs;

[TestFixture]
public sealed class RetryPolicyTests
{
    static readonly RetryPolicy Policy = new(20, TimeSpan.FromMilliseconds(200), 2, TimeSpan.FromSeconds(1), Jitter: false, ["timeout", "5xx", "429"]);

    [TestCase(2, 200)]
    [TestCase(3, 400)]
    [TestCase(4, 800)]
    [TestCase(5, 1000)]
    [TestCase(20, 1000)]
    [TestCase(int.MaxValue, 1000)]
    public void Pauses_grow_by_the_factor_up_to_the_longest(int attempt, int milliseconds) =>
        Assert.That(Policy.DelayBefore(attempt, 0.7), Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));

    [TestCase(0, 200)]
    [TestCase(0.5, 300)]
    [TestCase(0.75, 350)]
    public void Jitter_takes_at_most_half_of_a_pause(double random, int milliseconds) =>
        Assert.That((Policy with { Jitter = true }).DelayBefore(3, random), Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));

    [Test]
    public void No_first_pause_is_no_pause_at_all() =>
        Assert.That((Policy with { Initial = TimeSpan.Zero, Factor = 10 }).DelayBefore(5000, 0), Is.EqualTo(TimeSpan.Zero));

    [Test]
    public void There_is_no_pause_before_the_first_attempt() => Assert.Throws<ArgumentOutOfRangeException>(() => Policy.DelayBefore(1, 0));

    [TestCase("timeout", ExpectedResult = true)]
    [TestCase("network", ExpectedResult = false)]
    [TestCase("429", ExpectedResult = true)]
    [TestCase("404", ExpectedResult = false)]
    [TestCase("503", ExpectedResult = true)]
    [TestCase("5xx", ExpectedResult = true)]
    [TestCase("5000", ExpectedResult = false)]
    [TestCase("5", ExpectedResult = false)]
    public bool Covers(string errorClass) => Policy.Covers(errorClass);

    [Test]
    public void Any_covers_everything_and_none_nothing()
    {
        Assert.That((Policy with { On = ["any"] }).Covers("whatever"));
        Assert.That(RetryPolicy.None.Covers("timeout"), Is.False);
        Assert.That(RetryPolicy.None.MaxAttempts, Is.EqualTo(1));
    }

    [Test]
    public void A_long_first_pause_without_a_longest_one_is_not_cut()
    {
        var retry = Graph.Of("""{ "nodes": [{ "id": "a", "skill": "transform", "retry": { "initial": "2m" } }] }""").Valid.Nodes[0].Retry!;
        Assert.That(retry.DelayBefore(2, 1), Is.EqualTo(TimeSpan.FromMinutes(2)));
    }
}
