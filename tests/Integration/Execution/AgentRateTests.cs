using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>How often runs of an agent may start, whoever asks for them and on whichever node.</summary>
[TestFixture]
public sealed class AgentRateTests
{
    const string Hourly = """, "limits": { "rate_limit": { "limit": 2, "per_seconds": 3600 } }""";

    [Test]
    public async Task Refuses_what_is_more_than_the_rate_on_any_node_and_stores_nothing()
    {
        await using var cluster = await Cluster.Start(slots: 4);
        await using var second = await cluster.Join();
        using var other = cluster.At(second);
        var agent = await cluster.Http.Agent(Runs.Echo, Hourly);
        await cluster.Http.Start(agent);
        await other.Start(agent);

        foreach (var http in new[] { cluster.Http, other })
        {
            using var refused = await http.PostAsync($"/v1/agents/{agent}/runs", Runs.Json("{}"));
            await refused.Problem(429, "rate_limited");
            Assert.That(refused.Headers.RetryAfter?.Delta?.TotalSeconds, Is.InRange(3000, 3600));
        }

        Assert.That(await Hook.Count(cluster.Http), Is.EqualTo(2));
    }

    [Test]
    public async Task Counts_webhooks_schedules_and_calls_together()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo, Hourly);
        var hook = await Hook.Create(tenant.Http, agent, tenant.Slug);
        await tenant.Http.Start(agent);
        await hook.Fire(tenant.App, id: "1");

        using var delivered = await hook.Send(tenant.App, hook.Delivery("{}", "2"));
        await delivered.Problem(429, "rate_limited");
        var schedule = (await tenant.Http.Schedule(agent, "* * * * * *")).GetProperty("id").GetGuid();

        var skipped = await Eventually.Get(
            () => tenant.Http.Trigger(schedule), view => view.GetProperty("skip_reason").ValueKind is JsonValueKind.String);
        Assert.That(skipped.GetProperty("skip_reason").GetString(), Is.EqualTo("rate_limited"));
        Assert.That(await Hook.Count(tenant.Http), Is.EqualTo(2));
    }

    [Test]
    public async Task Delays_children_and_replays_and_refuses_none_of_them()
    {
        var tenant = await TestApp.NewTenant();
        var child = await tenant.Http.Agent(Runs.Echo, """, "limits": { "rate_limit": { "limit": 1, "per_seconds": 2 } }""");
        var parent = await tenant.Http.RunOnce($$"""
            { "nodes": [{ "id": "a", "skill": "agent", "with": { "agent": "{{child}}" } }, { "id": "b", "skill": "agent", "with": { "agent": "{{child}}" } }], "edges": [{ "from": "a", "to": "b" }] }
            """);
        Assert.That(parent.GetProperty("status").GetString(), Is.EqualTo("succeeded"));

        var first = (await tenant.Http.Drain(await Child(tenant, parent))).GetProperty("id").GetGuid();
        using var answer = await tenant.Http.PostAsync($"/v1/runs/{first}/replay", Runs.Json("{}"));
        var replay = await tenant.Http.Drain((await answer.Json(expected: 202)).GetProperty("id").GetGuid());

        Assert.That(replay.GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        // Three starts of one in two seconds each: what the third was given is no earlier, whenever it really began.
        Assert.That(await Sql.Scalar<bool>(tenant.App.Database.Owner, """
            select l.starts_at >= (select min(queued_at) from execution.runs where tenant_id = $1 and agent_id = (select agent_id from execution.runs where tenant_id = $1 and id = $2)) + interval '4 seconds'
            from execution.flow_rates l where l.tenant_id = $1
            """, tenant.Id, first));
    }

    [TestCase("""{ "limit": 0, "per_seconds": 1 }""", "/limits/rate_limit/limit")]
    [TestCase("""{ "limit": 1 }""", "/limits/rate_limit/per_seconds")]
    [TestCase("""{ "limit": 1, "per_seconds": 86401 }""", "/limits/rate_limit/per_seconds")]
    [TestCase("""{ "limit": 1, "per_seconds": 1, "over": "drop" }""", "/limits/rate_limit/over")]
    [TestCase("""{ "limit": 1, "per_seconds": 1, "key": "=input.a" }""", "/limits/rate_limit/key")]
    [TestCase("7", "/limits/rate_limit")]
    public async Task Refuses_a_rate_that_makes_no_sense(string rate, string pointer)
    {
        var tenant = await TestApp.NewTenant();

        using var answer = await tenant.Http.PostAsync("/v1/agents", Runs.Json($$"""{ "slug": "limited", "name": "Limited", "graph": {{Runs.Echo}}, "limits": { "rate_limit": {{rate}} } }"""));

        Assert.That((await answer.Json(expected: 422)).GetProperty("errors")[0].GetProperty("pointer").GetString(), Is.EqualTo(pointer));
    }

    static async Task<Guid> Child(TestTenant tenant, JsonElement parent) => await Sql.Scalar<Guid>(
        tenant.App.Database.Owner, "select id from execution.runs where tenant_id = $1 and parent_run_id = $2 order by started_at limit 1", tenant.Id, parent.GetProperty("id").GetGuid());
}
