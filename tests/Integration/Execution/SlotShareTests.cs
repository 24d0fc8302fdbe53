using System.Collections.Concurrent;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Integration.Execution;

/// <summary>Long runs of one tenant and the slots of a node.</summary>
[TestFixture]
public sealed class SlotShareTests
{
    const int Slots = 4;

    [Test]
    public async Task A_tenant_whose_runs_take_long_leaves_others_their_part()
    {
        var calls = new ConcurrentQueue<TaskCompletionSource>();
        await using var slow = await Peer.Start(async (number, http) =>
        {
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            calls.Enqueue(end);
            await end.Task.WaitAsync(http.RequestAborted);
            await http.Response.WriteAsJsonAsync(new { number });
        });
        await using var held = await Peer.Holding();
        await using var cluster = await Cluster.Start(Slots);
        var many = await cluster.Http.Agent(Runs.Calling(slow));
        for (var i = 0; i < 4 * Slots; i++)
        {
            await cluster.Http.Start(many);
        }

        await Eventually.Holds(() => Task.FromResult(calls.Count == Slots));
        var second = await cluster.First.Tenant();
        var few = await second.Http.Agent(Runs.Calling(held));
        for (var i = 0; i < Slots; i++)
        {
            await second.Http.Start(few);
        }

        // Nothing of the first tenant's has ended, and yet the other begins.
        await held.Arrival();
        Assert.That(calls, Has.Count.EqualTo(Slots));

        // The next place that comes free is the other's as well: it holds less than its part.
        calls.First().SetResult();
        await held.Arrival();

        // Now both hold as much, and the first tenant goes on.
        calls.ElementAt(1).SetResult();
        calls.ElementAt(2).SetResult();
        await Eventually.Holds(() => Task.FromResult(calls.Count > Slots));
        held.Gate.SetResult();
        foreach (var end in calls)
        {
            end.TrySetResult();
        }
    }
}
