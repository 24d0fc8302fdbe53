using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Integration.Execution;

/// <summary>Limits of how many runs go on at once, against the real server and a peer that counts parallel calls.</summary>
[TestFixture]
public sealed class ConcurrencyTests
{
    [Test]
    public async Task Never_lets_more_runs_of_an_agent_go_on_than_its_limit()
    {
        await using var peer = await Counting.Start();
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Calling(peer.Peer), """, "limits": { "max_concurrency": 2 }""");

        var runs = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => tenant.Http.Start(agent)));
        foreach (var run in runs)
        {
            Assert.That((await tenant.Http.Drain(run)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        }

        Assert.That(peer.Most, Is.EqualTo(2));
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Holds_the_limit_over_several_nodes_and_gives_a_lost_nodes_places_back()
    {
        await using var peer = await Counting.Start();
        await using var cluster = await Cluster.Start(slots: 16);
        await using var second = await cluster.Join();
        var agent = await cluster.Http.Agent(Runs.Calling(peer.Peer), """, "limits": { "max_concurrency": 3 }""");
        using var other = cluster.At(second);

        var runs = (await Task.WhenAll(Enumerable.Range(0, 30).Select(i => (i % 2 == 0 ? cluster.Http : other).Start(agent)))).ToList();
        await Eventually.Holds(() => Task.FromResult(peer.Most == 3));
        await cluster.StopFirst();
        foreach (var run in runs)
        {
            Assert.That((await other.Drain(run)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        }

        Assert.That(peer.Most, Is.EqualTo(3));
    }

    [Test]
    public async Task Goes_one_after_another_in_order_for_each_value_of_the_key()
    {
        await using var peer = await Counting.Start();
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, Runs.Calling(peer.Peer), "none", """, "concurrency": "queue", "concurrency_key": "=input.customer" """);

        var runs = new List<(string Customer, Guid Id)>();
        for (var i = 0; i < 12; i++)
        {
            var customer = $"c{i % 3}";
            runs.Add((customer, await hook.Fire(tenant.App, body: $$"""{ "customer": "{{customer}}" }""", id: $"m{i}")));
        }

        var started = new List<(string Customer, DateTimeOffset At)>();
        foreach (var (customer, id) in runs)
        {
            started.Add((customer, (await tenant.Http.Drain(id)).GetProperty("started_at").GetDateTimeOffset()));
        }

        foreach (var line in started.GroupBy(run => run.Customer))
        {
            Assert.That(line.Select(run => run.At), Is.Ordered);
        }

        Assert.That(peer.Most, Is.InRange(2, 3), "Each customer has one run at a time, and customers do not wait for each other.");
    }

    [Test]
    public async Task Skips_a_delivery_while_as_many_runs_as_may_go_on_do()
    {
        await using var peer = await Peer.Holding();
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, Runs.Calling(peer), "none", """, "concurrency": "skip" """);

        var first = await hook.Fire(tenant.App, id: "a");
        using var skipped = await hook.Send(tenant.App, hook.Delivery(id: "b"));
        var answer = await skipped.Json(expected: 202);
        peer.Gate.SetResult();
        await tenant.Http.Drain(first);
        var again = await hook.Fire(tenant.App, id: "b");

        Assert.That(answer.GetProperty("skipped").GetBoolean(), Is.True);
        Assert.That(answer.GetProperty("run_id").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That((await tenant.Http.Drain(again)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        Assert.That(await Hook.Count(tenant.Http), Is.EqualTo(2));
    }

    [Test]
    public async Task Replaces_what_waits_at_once_and_what_is_under_way_as_soon_as_it_has_stopped()
    {
        await using var peer = await Peer.Holding();
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, Runs.Calling(peer), "none", """, "concurrency": "replace" """);

        var first = await hook.Fire(tenant.App, id: "a");
        await peer.Arrival();
        var second = await hook.Fire(tenant.App, id: "b");
        var third = await hook.Fire(tenant.App, id: "c");
        var replaced = await tenant.Http.Drain(second);
        var stopped = await tenant.Http.Drain(first);
        peer.Gate.SetResult();

        foreach (var former in new[] { replaced, stopped })
        {
            Assert.That(former.GetProperty("status").GetString(), Is.EqualTo("canceled"));
            Assert.That(former.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("replaced"));
        }

        Assert.That((await tenant.Http.Drain(third)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task A_node_that_is_lost_gives_its_places_back_with_its_runs()
    {
        await using var peer = await Peer.Holding();
        await using var cluster = await Cluster.Start();
        await using var second = await cluster.Join();
        var agent = await cluster.Http.Agent(Runs.Calling(peer), """, "limits": { "max_concurrency": 1 }""");
        var held = await cluster.Http.Start(agent);
        await peer.Arrival();
        var waits = await cluster.Http.Start(agent);

        await Sql.Execute(cluster.Database.Owner, $"""
            update execution.nodes set lease_expires_at = now() - interval '1 hour'
            where id = (select lease_owner from execution.run_queue where run_id = '{held}')
            """);
        await peer.Arrival();
        peer.Gate.SetResult();

        Assert.That((await cluster.Http.Drain(held)).GetProperty("attempt").GetInt32(), Is.EqualTo(2));
        Assert.That((await cluster.Http.Drain(waits)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        Assert.That(await Sql.Scalar<long>(cluster.Database.Owner, "select count(*) from execution.flow_places"), Is.Zero);
    }

    [Test]
    public async Task Replays_and_child_runs_stand_in_line_too()
    {
        await using var peer = await Peer.Holding();
        var tenant = await TestApp.NewTenant();
        var limited = await tenant.Http.Agent(Runs.Calling(peer), """, "limits": { "max_concurrency": 1 }""");
        var calling = await tenant.Http.Agent($$$"""{ "nodes": [{ "id": "call", "skill": "agent", "with": { "agent": "{{{limited}}}", "input": {} } }] }""");
        var first = await tenant.Http.Start(limited);
        await peer.Arrival();
        var parent = await tenant.Http.Start(calling);
        using var replayed = await tenant.Http.PostAsync($"/v1/runs/{first}/replay", Runs.Json("{}"));
        var again = (await replayed.Json(expected: 202)).GetProperty("id").GetGuid();

        await Eventually.Holds(async () => (await tenant.Http.GetFromJsonAsync<JsonElement>("/v1/queue")).GetProperty("in_line").GetInt32() == 2);
        peer.Gate.SetResult();

        foreach (var run in new[] { first, parent, again })
        {
            Assert.That((await tenant.Http.Drain(run)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        }
    }

    [Test]
    public async Task A_schedule_skips_what_comes_while_its_run_goes_on_and_says_so()
    {
        await using var peer = await Peer.Holding();
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Calling(peer));
        using var made = await tenant.Http.PostAsync($"/v1/agents/{agent}/triggers", Runs.Json("""{ "name": "Every second", "kind": "schedule", "cron": "* * * * * ?", "concurrency": "skip" }"""));
        var trigger = (await made.Json(expected: 201)).GetProperty("id").GetGuid();

        await Eventually.Holds(async () => (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/triggers/{trigger}")).GetProperty("skip_reason").GetString() == "concurrency_skip");

        Assert.That(await Hook.Count(tenant.Http), Is.EqualTo(1));
        using var off = await tenant.Http.PostAsync($"/v1/triggers/{trigger}/disable", null);
        await off.Json(expected: 200);
    }

    [Test]
    public async Task A_limit_of_the_plan_holds_for_all_agents_of_the_tenant()
    {
        await using var peer = await Counting.Start();
        await using var app = await TestApp.Start(new Dictionary<string, string?> { ["Flow:Plans:free:MaxRunning"] = "2" });
        var tenant = await app.Tenant();
        string[] agents = [await tenant.Http.Agent(Runs.Calling(peer.Peer)), await tenant.Http.Agent(Runs.Calling(peer.Peer), """, "limits": { "max_concurrency": 1 }""")];

        var runs = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => tenant.Http.Start(agents[i % 2])));
        foreach (var run in runs)
        {
            Assert.That((await tenant.Http.Drain(run)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        }

        Assert.That(peer.Most, Is.EqualTo(2));
    }

    [Test]
    public async Task A_raised_limit_counts_for_those_who_wait_already()
    {
        await using var peer = await Peer.Holding();
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Calling(peer), """, "limits": { "max_concurrency": 1 }""");
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => tenant.Http.Start(agent)));
        await peer.Arrival();

        using var raised = await tenant.Http.PatchAsJsonAsync($"/v1/agents/{agent}", new { limits = new { max_concurrency = 3 } });
        await raised.Json(expected: 200);

        await peer.Arrival();
        await peer.Arrival();
    }
}

/// <summary>A peer that keeps every call for a while and remembers how many it had at once.</summary>
sealed class Counting : IAsyncDisposable
{
    int now;
    int most;

    public Peer Peer { get; private set; } = null!;

    public int Most => Volatile.Read(ref most);

    public static async Task<Counting> Start()
    {
        var counting = new Counting();
        counting.Peer = await Peer.Start(async (number, http) =>
        {
            var mine = Interlocked.Increment(ref counting.now);
            InterlockedMax(ref counting.most, mine);
            await Task.Delay(40);
            Interlocked.Decrement(ref counting.now);
            await http.Response.WriteAsJsonAsync(new { number });
        });
        return counting;
    }

    public ValueTask DisposeAsync() => Peer.DisposeAsync();

    static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
