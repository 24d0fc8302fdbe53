using AgentPlatform.Benchmarks;

namespace AgentPlatform.Integration.Execution;

/// <summary>The proof of <c>./build.sh prove</c> in small: the real program in processes of its own, on a database of its own with fsync on.</summary>
[NonParallelizable]
public sealed class KillTests
{
    [Test]
    [CancelAfter(360_000)]
    public async Task Loses_no_accepted_run_when_the_server_is_killed_stopped_and_rolled_under_load(CancellationToken ct)
    {
        var plan = new ProvePlan(Kills: 5, Stops: 1, Rolls: 1, DatabaseStops: 1, Cuts: 2, DefaultLeaseKills: 0, Clients: 8, LeaseSeconds: 2);
        var result = await Prove.Run(plan, TestContext.Out.WriteLine, ct);
        await TestContext.Out.WriteLineAsync(result.ToTable());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Violations, Is.Empty);
            Assert.That(result.Kills, Is.EqualTo(5));
            Assert.That(result.Accepted, Is.GreaterThan(100));
            Assert.That(result.Facts.Effects, Is.Not.Empty);
            Assert.That(result.Line.Runs, Is.GreaterThan(200));
            Assert.That(result.Line.Locked, Is.GreaterThan(0));
            Assert.That(result.Recovered, Is.Not.Empty);
        }
    }
}
