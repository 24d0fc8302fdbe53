using AgentPlatform.Benchmarks;

namespace AgentPlatform.Integration.Billing;

/// <summary>The judge of the ledger is worth what it can find: each fault is put into a good history and must be named.</summary>
public sealed class KillHistoryMoneyTests
{
    static readonly Guid Calm = Guid.CreateVersion7();
    static readonly Guid Struck = Guid.CreateVersion7();

    static HistoryFacts Good { get; } = new([], [Run(Calm, "d1", 2, tokens: 7), Run(Struck, "d2", 3, tokens: 9)], [], [], [], [])
    {
        Calls = [new("d1", 7, 3), new("d2", 8, 4), new("d2", 9, 5)],
        Entries = [new(Calm, 7, 3, 10, false), new(Struck, 9, 5, 10, false)],
    };

    [Test]
    public void A_call_whose_server_was_killed_is_in_order() => Assert.That(HistoryMoney.Check(Good), Is.Empty);

    [Test]
    public void A_call_of_a_run_that_was_struck_until_it_was_left_alone_is_in_order() => Assert.That(
        HistoryMoney.Check(Good with { Runs = [.. Good.Runs, Run(Guid.CreateVersion7(), "d3", 8, tokens: null) with { CostMicros = 0 }], Calls = [.. Good.Calls, new("d3", 11, 1)] }),
        Is.Empty);

    [Test]
    public void Finds_a_call_that_is_booked_twice() => Expect(
        Good with { Entries = [.. Good.Entries, new(Calm, 7, 3, 0, false)] }, HistoryMoney.BookedTwice);

    [Test]
    public void Finds_an_entry_for_a_call_that_was_never_made() => Expect(
        Good with { Entries = [.. Good.Entries, new(Struck, 10, 5, 0, false)] }, HistoryMoney.NotCharged);

    [Test]
    public void Finds_an_entry_that_is_off_by_a_token() => Expect(
        Good with { Entries = [Good.Entries[0] with { Answered = 4 }, Good.Entries[1]] }, HistoryMoney.NotCharged, HistoryMoney.Unexplained);

    [Test]
    public void Finds_an_entry_with_another_run() => Expect(
        Good with { Entries = [Good.Entries[0], Good.Entries[1], new(Calm, 8, 4, 0, false)] }, HistoryMoney.NotCharged);

    [Test]
    public void Finds_an_answer_that_a_run_went_on_with_and_nobody_paid() => Expect(
        Good with { Entries = [Good.Entries[0], Good.Entries[1] with { Tokens = 8, Answered = 4 }] }, HistoryMoney.NotBooked);

    [Test]
    public void Finds_a_call_that_left_no_trace_although_nothing_had_happened() => Expect(
        Good with { Calls = [.. Good.Calls, new("d1", 11, 1)] }, HistoryMoney.Unexplained);

    [Test]
    public void Finds_a_run_whose_cost_is_not_its_entries() => Expect(
        Good with { Runs = [Good.Runs[0] with { CostMicros = 11 }, Good.Runs[1]] }, HistoryMoney.WrongSum);

    static RunFact Run(Guid id, string delivery, int attempt, long? tokens) =>
        new(id, delivery, "succeeded", attempt, default, null, null, "", null) { Tokens = tokens, CostMicros = 10 };

    static void Expect(HistoryFacts facts, params string[] kinds) => Assert.That(HistoryMoney.Check(facts).Select(violation => violation.Kind), Is.EqualTo(kinds));
}
