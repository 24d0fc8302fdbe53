using AgentPlatform.Benchmarks;

namespace AgentPlatform.Integration.Execution;

/// <summary>The judge of the kill proof is worth what it can find: each fault is put into a good history and must be named.</summary>
public sealed class KillHistoryTests
{
    static readonly Guid Pure = Guid.CreateVersion7();
    static readonly Guid WithEffects = Guid.CreateVersion7();
    static readonly DateTime Then = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    static HistoryFacts Good { get; } = new(
        [new("d1", false, DeliveryOutcome.Accepted, Pure), new("d2", true, DeliveryOutcome.Unknown, null, WithEffects), new("d3", false, DeliveryOutcome.Refused, null)],
        [
            new(Pure, "d1", "succeeded", 1, Then, Then, null, "h1", null),
            new(WithEffects, "d2", "succeeded", 2, Then, Then, "2", "h2", null),
        ],
        [
            new(Pure, "read", 1, 1, "succeeded"), new(WithEffects, "read", 1, 1, "succeeded"), new(WithEffects, "first", 1, 1, "succeeded"),
            new(WithEffects, "read", 1, 2, "succeeded"), new(WithEffects, "second", 1, 2, "succeeded"),
        ],
        [First(1), First(2), Second(3, "2"), Second(4, "2")],
        [new(Pure, "succeeded", Then, "h1")],
        []);

    [Test]
    public void A_history_with_crashes_and_repeated_effects_is_in_order() => Assert.That(History.Check(Good), Is.Empty);

    [Test]
    public void Finds_an_accepted_run_that_is_gone() => Expect(Good with { Runs = [Good.Runs[1]], Samples = [] }, History.Lost, "d1");

    [Test]
    public void Finds_an_unanswered_delivery_that_has_no_run_after_it_was_sent_again() =>
        Expect(Good with { Deliveries = [.. Good.Deliveries, new("d4", false, DeliveryOutcome.Unknown, null)] }, History.Lost, "d4");

    [Test]
    public void Finds_a_delivery_with_two_runs()
    {
        var second = Guid.CreateVersion7();
        Expect(Good with { Runs = [.. Good.Runs, Good.Runs[0] with { Id = second }] }, History.Doubled, "d1");
        Expect(Good with { Deliveries = [Good.Deliveries[0] with { Again = second }, .. Good.Deliveries.Skip(1)] }, History.Doubled, "d1");
    }

    [Test]
    public void Finds_a_delivery_that_was_answered_with_the_run_of_another() =>
        Expect(Good with { Deliveries = [Good.Deliveries[0], Good.Deliveries[1] with { Again = Pure }, Good.Deliveries[2]] }, History.Doubled, "d2");

    [Test]
    public void Finds_a_run_that_nobody_asked_for()
    {
        var run = Guid.CreateVersion7();
        Expect(Good with { Runs = [.. Good.Runs, Good.Runs[0] with { Id = run, Delivery = "d9" }] }, History.Unasked, run.ToString());
        Expect(Good with { Runs = [.. Good.Runs, Good.Runs[0] with { Id = run, Delivery = "d3" }] }, History.Unasked, "d3");
    }

    [Test]
    public void Finds_a_run_that_has_not_ended_and_one_that_failed([Values("running", "queued", "failed")] string status) =>
        Expect(Good with { Runs = [Good.Runs[0] with { Status = status }, Good.Runs[1]], Samples = [] }, History.NotSucceeded, Pure.ToString());

    [Test]
    public void Finds_a_result_that_was_stored_twice()
    {
        Expect(Good with { Steps = [.. Good.Steps, Good.Steps[0]] }, History.DoubledStep, $"{Pure}/read");
        Expect(Good with { Steps = [.. Good.Steps, new(WithEffects, "first", 1, 2, "succeeded")] }, History.DoubledStep, $"{WithEffects}/first");
    }

    [Test]
    public void Finds_an_effect_whose_run_does_not_exist()
    {
        var stray = new Effect(9, $"{Guid.CreateVersion7():n}/first", "first", "d8", "9");
        Expect(Good with { Effects = [.. Good.Effects, stray] }, History.EffectWithoutRun, stray.Key);
    }

    [Test]
    public void Finds_a_key_that_changed_between_two_tries()
    {
        var other = First(9) with { Key = $"{WithEffects:n}/first/2" };
        Assert.That(History.Check(Good with { Effects = [.. Good.Effects, other] }).Select(violation => violation.Kind), Is.All.EqualTo(History.UnstableKey).And.Not.Empty);
    }

    [Test]
    public void Finds_a_second_step_that_went_on_before_the_first_had_answered() =>
        Expect(Good with { Effects = [First(1), Second(2, "3"), First(3), Second(4, "3")], Runs = [Good.Runs[0], Good.Runs[1] with { Token = "3" }] }, History.OutOfOrder, $"{WithEffects:n}/second");

    [Test]
    public void Finds_a_checkpoint_that_was_not_kept()
    {
        Expect(Good with { Effects = [First(1), Second(2, "1"), First(3), Second(4, "3")], Runs = [Good.Runs[0], Good.Runs[1] with { Token = "3" }] }, History.ResultChanged, WithEffects.ToString());
        Expect(Good with { Runs = [Good.Runs[0], Good.Runs[1] with { Token = "1" }] }, History.ResultChanged, WithEffects.ToString());
    }

    [Test]
    public void Finds_an_effect_that_never_happened()
    {
        Expect(Good with { Effects = [First(1), First(2)] }, History.MissingEffect, WithEffects.ToString());
        Expect(Good with { Steps = [.. Good.Steps.Where(step => step.Node != "second")] }, History.MissingEffect, $"{WithEffects}/second");
    }

    [Test]
    public void Finds_a_final_state_that_changed()
    {
        Expect(Good with { Samples = [Good.Samples[0] with { Hash = "h9" }] }, History.ChangedFinalState, Pure.ToString());
        Expect(Good with { Samples = [Good.Samples[0] with { FinishedAt = Then.AddTicks(10) }] }, History.ChangedFinalState, Pure.ToString());
    }

    [Test]
    public void Finds_what_is_left_over() => Expect(Good with { Leftovers = ["queued run x"] }, History.Leftover, "queued run x");

    static Effect First(long order) => new(order, $"{WithEffects:n}/first", "first", "d2", $"{order}");

    static Effect Second(long order, string token) => new(order, $"{WithEffects:n}/second", "second", "d2", token);

    static void Expect(HistoryFacts facts, string kind, string id) =>
        Assert.That(History.Check(facts).Select(violation => (violation.Kind, violation.Id)), Is.EqualTo(new[] { (kind, id) }));
}
