using System.Collections.Concurrent;
using AgentPlatform.Benchmarks.Hostile;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution.Code;

/// <summary>Hostile code: every attempt ends as its case says, and outside the sandbox nothing has happened. A thousand of them in a row: <c>./build.sh prove code</c>.</summary>
public sealed class CorpusTests
{
    /// <summary>How many share an interpreter, where they can.</summary>
    const int Together = 5;

    [SetUp]
    public Task Installed() => Sandboxed.Needed();

    [Test]
    public async Task No_javascript_gets_out_and_all_of_it_ends() => await Run(CorpusCase.Of("javascript"));

    [Test]
    public async Task No_python_gets_out_and_all_of_it_ends()
    {
        // A Python process takes most of a second to come up: every fourth case here, all of them in `prove code`.
        var all = CorpusCase.Of("python");
        var cases = all.Where((_, i) => i % 4 == 0).ToList();
        var alone = new ConcurrentBag<CorpusCase>(cases.Where(attempt => attempt.IsAlone));
        using (var world = await CorpusWorld.Create())
        {
            await Parallel.ForEachAsync(cases.Where(attempt => !attempt.IsAlone).Chunk(Together), Several(world), async (some, _) =>
            {
                foreach (var attempt in await world.TryTogether(some))
                {
                    await TestContext.Progress.WriteLineAsync($"{attempt} is tried alone.");
                    alone.Add(attempt);
                }
            });
            Assert.That(world.Harm(), Is.Empty);
        }

        await Run([.. alone], all.Count);
    }

    static async Task Run(IReadOnlyList<CorpusCase> cases, int? of = null)
    {
        Assert.That(of ?? cases.Count, Is.GreaterThanOrEqualTo(150));
        using var world = await CorpusWorld.Create();
        var wrong = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(cases, Several(world), async (attempt, _) =>
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

    static ParallelOptions Several(CorpusWorld world) => new() { MaxDegreeOfParallelism = world.Options.Running };
}
