using System.Collections.Concurrent;
using System.Diagnostics;
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
        var calls = new ConcurrentQueue<long>();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var peer = await Peer.Start(async (number, http) =>
        {
            calls.Enqueue(Stopwatch.GetTimestamp());
            await gate.Task.WaitAsync(http.RequestAborted);
            await http.Response.WriteAsJsonAsync(new { number });
        });
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Calling(peer));
        using var paused = await tenant.Http.PostAsync($"/v1/agents/{agent}/pause", Runs.Json("{}"));
        paused.EnsureSuccessStatusCode();
        Guid[] runs = [await tenant.Http.Start(agent), await tenant.Http.Start(agent), await tenant.Http.Start(agent)];
        await Sql.Execute(tenant.App.Database.Engine, "update execution.run_queue set lost_workers = 2 where run_id = any($1)", runs);

        using var resumed = await tenant.Http.PostAsync($"/v1/agents/{agent}/resume", Runs.Json("{}"));
        resumed.EnsureSuccessStatusCode();
        await Eventually.Holds(() => Task.FromResult(calls.Count == runs.Length));
        gate.SetResult();

        foreach (var run in runs)
        {
            Assert.That((await tenant.Http.Drain(run)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        }

        var times = calls.ToList();
        Assert.That(times.Zip(times.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a, b).TotalSeconds), Is.All.GreaterThan(2.5), "Each lived for a while before the next one began.");
    }
}
