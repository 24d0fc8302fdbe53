using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

[TestFixture]
public sealed class RunEventsTests
{
    const string Branching = """
        {
          "nodes": [{ "id": "a", "skill": "transform", "with": { "n": 1 } }, { "id": "b", "skill": "transform" }, { "id": "never", "skill": "transform" }],
          "edges": [{ "from": "a", "to": "b" }, { "from": "a", "to": "never", "when": "a.n == `2`" }]
        }
        """;

    [Test]
    public async Task Tell_the_whole_run_in_order()
    {
        var tenant = await TestApp.NewTenant();
        var run = (await tenant.Http.RunOnce(Branching)).GetProperty("id").GetGuid();

        var events = await tenant.Http.Events(run);

        Assert.That(events.ConvertAll(what => what.Name),
            Is.EqualTo(["run.started", "step.started", "step.finished", "step.finished", "step.started", "step.finished", "run.finished"]));
        Assert.That(events.ConvertAll(what => what.Id), Is.EqualTo(["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", $"1.{int.MaxValue}"]));
    }

    [Test]
    public async Task Go_on_after_any_event_without_gap_or_repeat()
    {
        var tenant = await TestApp.NewTenant();
        var run = (await tenant.Http.RunOnce(Runs.Echo)).GetProperty("id").GetGuid();
        var all = await tenant.Http.Events(run);

        for (var cut = 0; cut < all.Count; cut++)
        {
            Assert.That(await tenant.Http.Events(run, all[cut].Id), Is.EqualTo(all.Skip(cut + 1)));
        }
    }

    [Test]
    public async Task Are_the_same_live_on_another_node_and_afterwards()
    {
        await using var cluster = await Cluster.Start();
        await using var other = await cluster.Join();
        await using var peer = await Peer.Holding();
        var run = await cluster.Http.Start(await cluster.Http.Agent(Runs.Calling(peer)));
        await peer.Arrival();

        var live = cluster.Http.Events(run);
        var elsewhere = cluster.At(other).Events(run);
        peer.Gate.SetResult();
        await cluster.Http.Drain(run);

        var afterwards = await cluster.Http.Events(run);
        Assert.That(afterwards, Has.Count.EqualTo(8));
        Assert.That(await live, Is.EqualTo(afterwards));
        Assert.That((await elsewhere).ConvertAll(what => (what.Id, what.Name)), Is.EqualTo(afterwards.ConvertAll(what => (what.Id, what.Name))));
    }

    [Test]
    public async Task Hold_nothing_back_that_ends_out_of_order()
    {
        await using var cluster = await Cluster.Start();
        await using var other = await cluster.Join();
        await using var slow = await Peer.Holding();
        await using var quick = await Peer.Holding();
        var agent = await cluster.Http.Agent($$"""
            {
              "nodes": [
                { "id": "slow", "skill": "http_request", "with": { "method": "POST", "url": "{{slow.Url}}" } },
                { "id": "quick", "skill": "http_request", "with": { "method": "POST", "url": "{{quick.Url}}" } }
              ]
            }
            """);
        var run = await cluster.Http.Start(agent);
        await slow.Arrival();
        await quick.Arrival();
        var elsewhere = cluster.At(other).Events(run);
        quick.Gate.SetResult();
        while ((await cluster.Http.Steps(run)).Count == 0)
        {
            await Task.Yield();
        }

        slow.Gate.SetResult();

        Assert.That((await elsewhere).ConvertAll(what => what.Id), Is.EqualTo(["1.1", "1.2", "1.3", "1.4", "1.5", $"1.{int.MaxValue}"]));
    }

    [Test]
    public async Task Say_that_a_run_rests_and_go_on_with_it()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent("""{ "nodes": [{ "id": "pause", "skill": "wait", "with": { "signal": "go" } }] }""");
        var run = await tenant.Http.Start(agent);
        await tenant.Http.Until(run, "waiting");

        using var answer = await tenant.Http.GetAsync($"/v1/runs/{run}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var names = new List<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("event: ", StringComparison.Ordinal))
            {
                continue;
            }

            names.Add(line[7..]);
            if (names[^1] == "run.waiting")
            {
                await Sql.Execute(tenant.App.Database.Engine, $$"""
                    insert into execution.run_signals (tenant_id, id, run_id, name, payload) values ('{{tenant.Id}}', '{{Guid.CreateVersion7()}}', '{{run}}', 'go', '1');
                    select execution.ring('{{tenant.Id}}', '{{run}}');
                    notify runs_queued;
                    """);
            }
        }

        Assert.That(names, Is.EqualTo(["run.started", "step.started", "run.waiting", "run.started", "step.finished", "run.finished"]));
    }

    [Test]
    public async Task Are_not_found_by_another_tenant()
    {
        var (ours, theirs) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        var run = (await ours.Http.RunOnce(Runs.Echo)).GetProperty("id").GetGuid();

        foreach (var path in new[] { $"/v1/runs/{run}/events", $"/v1/runs/{run}", $"/v1/runs/{run}/steps" })
        {
            using var answer = await theirs.Http.GetAsync(path);
            await answer.Problem(404, "run_not_found");
        }
    }
}
