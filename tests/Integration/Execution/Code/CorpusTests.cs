using System.Collections.Concurrent;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution.Code;

/// <summary>Hostile code: every attempt ends as its case says, and outside the sandbox nothing has happened.</summary>
public sealed class CorpusTests
{
    [SetUp]
    public Task Installed() => Sandboxed.Needed();

    [TestCase("javascript", 1)]
    [TestCase("python", 4)]
    public async Task Nothing_gets_out_and_everything_ends(string language, int every)
    {
        var cases = CorpusCase.Of(language);
        Assert.That(cases, Has.Count.GreaterThanOrEqualTo(150));
        // A Python process takes most of a second to come up: every fourth case here, all of them in the long form below.
        await Run(cases.Where((_, i) => i % every == 0));
    }

    /// <summary>All cases, TypeScript's compiler included, until a thousand runs have been made; then nothing has grown.</summary>
    [Test]
    [Explicit("Takes a quarter of an hour.")]
    public async Task A_thousand_hostile_runs_leave_no_trace()
    {
        var cases = CorpusCase.Of("javascript").Concat(CorpusCase.Of("python")).ToList();
        await Run(cases.Take(50));
        var before = Footprint.Now();
        await Run(Enumerable.Range(0, 1000).Select(i => cases[i * 7 % cases.Count]));
        var after = Footprint.Now();
        await TestContext.Out.WriteLineAsync($"before: {before}\nafter: {after}");
        Assert.Multiple(() =>
        {
            Assert.That(after.Memory - before.Memory, Is.LessThanOrEqualTo(32L << 20));
            Assert.That(after.Handles, Is.LessThanOrEqualTo(before.Handles + 20));
            Assert.That(after.Threads, Is.LessThanOrEqualTo(before.Threads + 10));
            Assert.That(after.Zombies, Is.Zero);
        });
    }

    static async Task Run(IEnumerable<CorpusCase> cases)
    {
        using var world = await CorpusWorld.Create();
        var wrong = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = world.Options.Running }, async (attempt, _) =>
        {
            if (await world.Try(attempt) is { } fault)
            {
                wrong.Enqueue(fault);
                await TestContext.Progress.WriteLineAsync(fault);
            }
        });
        Assert.Multiple(() =>
        {
            Assert.That(wrong, Is.Empty, () => string.Join('\n', wrong));
            Assert.That(world.Harm(), Is.Empty);
        });
        // What is left are those that wait for the next code.
        await Eventually.Holds(() => Task.FromResult(world.Pool.Alive <= (2 * world.Options.Spare) + world.Options.SparePython));
    }
}
