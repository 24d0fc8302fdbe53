using AgentPlatform.Domain.Execution;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Execution;

[TestFixture]
public sealed class StepIdTests
{
    static readonly Arbitrary<int> Sequences = Gen.OneOf(Gen.Choose(0, StepId.MaxSequence), Gen.Elements(0, 1, StepId.MaxSequence - 1, StepId.MaxSequence)).ToArbitrary();

    static readonly Arbitrary<Guid> Runs = Gen.Choose(0, int.MaxValue).Select(_ => Guid.CreateVersion7()).ToArbitrary();

    [Test]
    public void Gives_the_sequence_back() =>
        Prop.ForAll(Runs, Sequences, (run, sequence) => StepId.SequenceOf(StepId.Of(run, sequence)) == sequence).QuickCheckThrowOnFailure();

    [Test]
    public void Keeps_the_order_of_the_sequence_as_the_database_sees_it() =>
        Prop.ForAll(Runs, Sequences, Sequences, (run, a, b) => Math.Sign(Compare(StepId.Of(run, a), StepId.Of(run, b))) == a.CompareTo(b)).QuickCheckThrowOnFailure();

    [Test]
    public void Lies_in_the_range_of_its_run() => Prop.ForAll(Runs, Sequences, (run, sequence) =>
    {
        var (first, last) = StepId.Range(run);
        var id = StepId.Of(run, sequence);
        return Compare(first, id) <= 0 && Compare(id, last) <= 0;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Stays_a_UUIDv7_of_the_run_s_own_time() => Prop.ForAll(Runs, Sequences, (run, sequence) =>
    {
        var id = StepId.Of(run, sequence);
        return id.Version == 7 && id.Variant == run.Variant && id.ToByteArray(bigEndian: true).AsSpan(0, 12).SequenceEqual(run.ToByteArray(bigEndian: true).AsSpan(0, 12));
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Keeps_the_ranges_of_ten_thousand_runs_of_one_millisecond_apart()
    {
        var instant = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var ranges = Enumerable.Range(0, 10_000).Select(_ => StepId.Range(Guid.CreateVersion7(instant))).Order(Comparer<(Guid First, Guid Last)>.Create((a, b) => Compare(a.First, b.First))).ToList();

        Assert.That(ranges.Zip(ranges.Skip(1), (a, b) => Compare(a.Last, b.First) < 0), Is.All.True);
    }

    [TestCase(-1)]
    [TestCase(StepId.MaxSequence + 1)]
    public void Refuses_a_sequence_that_does_not_fit(int sequence) =>
        Assert.That(() => StepId.Of(Guid.CreateVersion7(), sequence), Throws.InstanceOf<ArgumentOutOfRangeException>());

    /// <summary>Byte by byte, as PostgreSQL orders uuid.</summary>
    static int Compare(Guid a, Guid b) => a.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(b.ToByteArray(bigEndian: true));
}
