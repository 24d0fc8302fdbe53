using AgentPlatform.Infrastructure.Execution.Engine;
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
                // The others were given back before.
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
        runs = await Suspects(app, tenant, agent, 3);

        await Resume(tenant, agent);
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

    [Test]
    public async Task Nothing_else_begins_beside_a_run_that_is_on_trial()
    {
        await using var peer = await Peer.Holding();
        // A trial that only its run's end ends.
        await using var app = await TestApp.Start(new Dictionary<string, string?> { ["Engine:TrialSeconds"] = "3600" });
        var tenant = await app.Tenant();
        var agent = await tenant.Http.Agent(Runs.Calling(peer));
        var suspect = (await Suspects(app, tenant, agent, 1))[0];
        await Resume(tenant, agent);
        await peer.Arrival();

        var other = await tenant.Http.Start(agent);
        for (var i = 0; i < 100; i++)
        {
            Assert.That(await Sql.Scalar<bool>(app.Database.Engine, "select lease_owner is null from execution.run_queue where run_id = $1", other), Is.True, "it waits");
        }

        peer.Gate.SetResult();
        Assert.That((await tenant.Http.Drain(suspect)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        Assert.That((await tenant.Http.Drain(other)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
    }

    [Test]
    public async Task A_run_on_its_last_chance_is_lost_with_a_node_that_noted_its_trial_and_not_with_one_that_only_held_it()
    {
        await using var app = await Control.WithoutWorkers();
        var tenant = await app.Tenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        var (tried, held, fresh, back) = (await tenant.Http.Start(agent), await tenant.Http.Start(agent), await tenant.Http.Start(agent), await tenant.Http.Start(agent));
        await Condemn(app, [tried, held, back]);
        var lost = await LostNode.Join(app);
        await lost.Note(LastChances.Lane, tenant.Id, tried, back);
        await lost.Hold(tried, held, fresh);

        await lost.Lose();

        Assert.That(await lost.LostWorkers(tried, held, fresh, back), Is.EqualTo([3, 2, 1, 2]));
    }

    /// <summary>Runs on their last chance, of an agent that is paused.</summary>
    static async Task<Guid[]> Suspects(TestApp app, TestTenant tenant, string agent, int count)
    {
        using var paused = await tenant.Http.PostAsync($"/v1/agents/{agent}/pause", Runs.Json("{}"));
        paused.EnsureSuccessStatusCode();
        var runs = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => tenant.Http.Start(agent)));
        await Condemn(app, runs);
        return runs;
    }

    static async Task Resume(TestTenant tenant, string agent)
    {
        using var resumed = await tenant.Http.PostAsync($"/v1/agents/{agent}/resume", Runs.Json("{}"));
        resumed.EnsureSuccessStatusCode();
    }

    /// <summary>All but one of the workers that a run may take down.</summary>
    static Task Condemn(TestApp app, Guid[] runs) => Sql.Execute(app.Database.Engine, "update execution.run_queue set lost_workers = 2 where run_id = any($1)", runs);
}
