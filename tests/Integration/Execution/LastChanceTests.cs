using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Integration.Execution;

/// <summary>A run that takes its worker down must not take the same others with it again and again.</summary>
[TestFixture]
public sealed class LastChanceTests
{
    [Test]
    public async Task Runs_that_one_more_lost_worker_would_condemn_begin_one_after_another()
    {
        var (calls, inside, most) = (0, 0, 0);
        var held = -1L;
        Guid[] runs = [];
        TestApp? app = null;
        using var go = new SemaphoreSlim(0);
        await using var peer = await Peer.Start(async (number, http) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                // Whoever is lost now condemns all that it holds.
                held = await Sql.Scalar<long>(app!.Database.Engine, "select count(*) from execution.run_queue where run_id = any($1) and lease_owner is not null", runs);
            }

            most = Math.Max(most, Interlocked.Increment(ref inside));
            await go.WaitAsync(http.RequestAborted);
            Interlocked.Decrement(ref inside);
            await http.Response.WriteAsJsonAsync(new { number });
        });
        // A trial that only its run's end ends.
        await using var started = app = await TestApp.Start(new Dictionary<string, string?> { ["Engine:TrialSeconds"] = "3600" });
        var tenant = await app.Tenant();
        var agent = await tenant.Http.Agent(Runs.Calling(peer));
        using var paused = await tenant.Http.PostAsync($"/v1/agents/{agent}/pause", Runs.Json("{}"));
        paused.EnsureSuccessStatusCode();
        runs = [await tenant.Http.Start(agent), await tenant.Http.Start(agent), await tenant.Http.Start(agent)];
        await Sql.Execute(app.Database.Engine, "update execution.run_queue set lost_workers = 2 where run_id = any($1)", runs);

        using var resumed = await tenant.Http.PostAsync($"/v1/agents/{agent}/resume", Runs.Json("{}"));
        resumed.EnsureSuccessStatusCode();
        foreach (var _ in runs)
        {
            await Eventually.Holds(() => Task.FromResult(Volatile.Read(ref inside) > 0));
            go.Release();
        }

        foreach (var run in runs)
        {
            Assert.That((await tenant.Http.Drain(run)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        }

        Assert.That((calls, most, held), Is.EqualTo((runs.Length, 1, 1L)));
    }
}
