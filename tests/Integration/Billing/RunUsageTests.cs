using System.Text.Json;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Billing;

public sealed class RunUsageTests
{
    static readonly PricedVendor Vendor = new();
    static TestApp app = null!;
    static TestTenant tenant = null!;
    static HttpClient http = null!;

    [OneTimeSetUp]
    public static async Task Start()
    {
        app = await Vendor.Start();
        tenant = await app.Tenant();
        http = await tenant.ApiKey("agents:read", "agents:write", "runs:read", "runs:execute", "runs:write");
    }

    [OneTimeTearDown]
    public static async Task Stop()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [Test]
    public async Task Sums_what_every_attempt_used()
    {
        var run = await http.RunOnce(PricedVendor.Graph(
            """{ "cost": 700, "tokens": 10, "fails": 2 }""", """, "retry": { "max_attempts": 3, "initial": "1ms", "on": ["5xx"] }"""));

        var id = run.GetProperty("id").GetGuid();
        var view = await http.View(id);
        Assert.That(view.GetProperty("status").GetString(), Is.EqualTo("succeeded"), view.GetRawText());
        Assert.That(view.GetProperty("cost_micros").GetInt64(), Is.EqualTo(2100));
        var sum = view.GetProperty("usage").EnumerateArray().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sum.GetProperty("service").GetString(), Is.EqualTo("test/large"));
            Assert.That(sum.GetProperty("tokens_prompt").GetInt64(), Is.EqualTo(30));
            Assert.That(sum.GetProperty("api_calls").GetInt32(), Is.EqualTo(3));
            Assert.That((await http.Steps(id)).ConvertAll(CostOf), Is.EqualTo(new[] { 700L, 700, 700 }));
            Assert.That((await Tree(id)).GetProperty("cost_micros").GetInt64(), Is.EqualTo(2100));
        }
    }

    [Test]
    public async Task Shows_a_waiting_run_s_cost_and_keeps_it_when_the_run_is_canceled()
    {
        var run = await http.Start(await http.Agent("""
            {
              "nodes": [
                { "id": "ask", "skill": "priced", "with": { "cost": 5 } },
                { "id": "also", "skill": "priced", "with": { "cost": 8, "service": "test/small" } },
                { "id": "rest", "skill": "wait", "with": { "for": "1h" } }
              ],
              "edges": [{ "from": "ask", "to": "rest" }, { "from": "also", "to": "rest" }]
            }
            """));

        var waiting = await http.Until(run, "waiting");
        Assert.That(waiting.GetProperty("cost_micros").GetInt64(), Is.EqualTo(13));
        Assert.That((await Tree(run)).GetProperty("cost_micros").GetInt64(), Is.EqualTo(13));

        using var canceled = await http.PostAsync($"/v1/runs/{run}/cancel", null);
        canceled.EnsureSuccessStatusCode();
        var ended = await http.Drain(run);
        Assert.That(ended.GetProperty("status").GetString(), Is.EqualTo("canceled"));
        Assert.That(ended.GetProperty("cost_micros").GetInt64(), Is.EqualTo(13));
        Assert.That(ended.GetProperty("usage").EnumerateArray().Select(entry => entry.GetProperty("service").GetString()), Is.EqualTo(new[] { "test/large", "test/small" }));
    }

    [Test]
    public async Task Books_what_a_call_had_used_that_was_given_up()
    {
        var own = new PricedVendor();
        await using var node = await own.Start();
        var someone = await (await node.Tenant()).ApiKey("agents:write", "runs:read", "runs:execute", "runs:write");
        var run = await someone.Start(await someone.Agent(PricedVendor.Graph("""{ "cost": 90, "holds": "yes" }""")));
        await own.Held.Task;

        using var canceled = await someone.PostAsync($"/v1/runs/{run}/cancel", null);
        canceled.EnsureSuccessStatusCode();
        var ended = await someone.Drain(run);
        Assert.That(ended.GetProperty("cost_micros").GetInt64(), Is.EqualTo(90));
        Assert.That(await someone.StepLines(run), Is.EqualTo(new[] { "ask/1/canceled" }));
    }

    [Test]
    public async Task Books_what_a_call_had_used_whose_time_was_over()
    {
        var run = await http.RunOnce(PricedVendor.Graph("""{ "cost": 40, "holds": "yes" }""", """, "timeout": "50ms" """));

        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("timeout"), run.GetRawText());
        Assert.That((await http.View(run.GetProperty("id").GetGuid())).GetProperty("cost_micros").GetInt64(), Is.EqualTo(40));
    }

    [Test]
    public async Task Counts_the_steps_of_a_node_that_was_lost()
    {
        var own = new PricedVendor();
        (string, string)[] settings = [("Engine:LeaseSeconds", "5"), ("Engine:DrainSeconds", "0")];
        var first = await own.Start(null, settings);
        var someone = await (await first.Tenant()).ApiKey("agents:write", "runs:read", "runs:execute", "runs:write");
        var run = await someone.Start(await someone.Agent("""
            {
              "nodes": [{ "id": "ask", "skill": "priced", "with": { "cost": 6 } }, { "id": "hold", "skill": "priced", "with": { "cost": 1, "holds": "yes" } }],
              "edges": [{ "from": "ask", "to": "hold" }]
            }
            """));
        await own.Held.Task;
        await using var second = await own.Start(first, settings);
        using var there = second.Anonymous();
        there.DefaultRequestHeaders.Authorization = someone.DefaultRequestHeaders.Authorization;
        await first.DisposeAsync();
        own.Gate.TrySetResult();

        var ended = await there.Drain(run);
        Assert.That(ended.GetProperty("attempt").GetInt32(), Is.EqualTo(2));
        Assert.That(ended.GetProperty("cost_micros").GetInt64(), Is.EqualTo(7));
    }

    [Test]
    public async Task A_run_whose_skill_could_not_reach_the_database_is_taken_up_again()
    {
        var id = await http.Start(await http.Agent(PricedVendor.Graph("""{ "cost": 2, "away": "once" }""")));
        var run = await http.Drain(id);
        Assert.That(run.GetProperty("status").GetString(), Is.EqualTo("succeeded"), run.GetRawText());
        Assert.That(run.GetProperty("attempt").GetInt32(), Is.EqualTo(2));
        Assert.That(run.GetProperty("cost_micros").GetInt64(), Is.EqualTo(2));
    }

    [Test]
    public async Task Tells_a_skill_who_asks_and_which_attempt_it_is()
    {
        var run = await http.RunOnce(PricedVendor.Graph(
            """{ "cost": 1, "service": "test/who", "fails": 1 }""", """, "retry": { "max_attempts": 2, "initial": "1ms", "on": ["5xx"] }"""));

        var id = run.GetProperty("id").GetGuid();
        var calls = Vendor.Calls.Select(made => made.Call).Where(call => call.RunId == id).ToArray();
        var key = await Sql.Scalar<Guid>(app.Database.Owner, "select id from tenants.api_keys where tenant_id = $1", tenant.Id);
        Assert.That(calls.Select(call => call.Attempt), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(calls.Select(call => call.StepId), Is.EqualTo(new[] { StepId.Of(id, 0), StepId.Of(id, 1) }));
        Assert.That(calls.Select(call => call.UserId), Is.All.EqualTo((await http.View(id)).GetProperty("created_by").GetGuid()));
        Assert.That(calls.Select(call => call.ApiKeyId), Is.All.EqualTo(key));
    }

    static async Task<JsonElement> Tree(Guid run)
    {
        using var answer = await http.GetAsync($"/v1/runs/{run}/tree");
        return await answer.Json(expected: 200);
    }

    static long CostOf(JsonElement step) => step.GetProperty("usage").EnumerateArray().Sum(entry => entry.GetProperty("cost_micros").GetInt64());
}
