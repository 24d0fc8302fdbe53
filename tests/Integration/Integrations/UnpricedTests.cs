using System.Net.Http.Json;
using AgentPlatform.Integration.Agents;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations;

/// <summary>Models whose price nobody has told: used, seen, and never taken for free.</summary>
public sealed class UnpricedTests
{
    const string Answer = """{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":1}}""";
    const string Graph = """{ "nodes": [{ "id": "ask", "skill": "llm", "with": { "model": "huggingface/any/thing", "prompt": "Hello." } }], "output": "=ask.usage" }""";

    [Test]
    public async Task What_nobody_knows_the_price_of_is_booked_and_shown_as_that()
    {
        await using var vendor = await FakeVendor.Saying(Answer);
        var tenant = await VendorWorld.Tenant(vendor, "huggingface");
        var run = await tenant.Http.RunOnce(Graph);
        var said = run.GetProperty("output");
        var report = await tenant.Http.Get("/v1/usage?group_by=service");
        var entry = (await tenant.Http.Get($"/v1/usage/ledger?run_id={run.Text("id")}")).GetProperty("items").EnumerateArray().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((said.GetProperty("unpriced").GetBoolean(), said.TryGetProperty("cost_micros", out _), said.GetProperty("input_tokens").GetInt32()), Is.EqualTo((true, false, 5)));
            Assert.That((entry.Text("service"), entry.Text("currency"), entry.GetProperty("cost_micros").GetInt64(), entry.GetProperty("tokens_prompt").GetInt64()), Is.EqualTo(("huggingface/any/thing", "XXX", 0L, 5L)));
            Assert.That(report.GetProperty("unpriced_calls").GetInt64(), Is.EqualTo(1));
            Assert.That(report.GetProperty("totals").EnumerateArray().Select(sum => sum.Text("currency")), Is.EqualTo(["XXX"]));
        }
    }

    [Test]
    public async Task A_budget_that_could_not_be_kept_refuses_before_anything_is_sent()
    {
        await using var vendor = await FakeVendor.Saying(Answer);
        var tenant = await VendorWorld.Tenant(vendor, "huggingface", "self_hosted");
        var (asked, other) = (await Runs.Agent(tenant.Http, Graph), await Runs.Agent(tenant.Http, Graph));
        using var budget = await tenant.Http.PostAsJsonAsync("/v1/budgets", new { name = "Small", scope = "agent", agent = asked, limit_micros = 2_000 });
        await budget.Json(201);

        var error = (await Eventually.Get(() => tenant.Http.Run(asked), run => run.Text("status") == "failed")).GetProperty("error");
        var before = vendor.Calls;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((error.Text("code"), error.Text("class")), Is.EqualTo(("price_unknown", "limit")));
            Assert.That(error.Text("message"), Does.Contain("huggingface/any/thing").And.Contain("Small"));
            Assert.That((await tenant.Http.Run(asked)).Text("status"), Is.EqualTo("failed"));
            Assert.That(vendor.Calls, Is.EqualTo(before));
            Assert.That((await tenant.Http.Run(other)).Text("status"), Is.EqualTo("succeeded"), "The budget is not its.");
        }

        var free = (await tenant.Http.RunOnce(Graph.Replace("huggingface/any/thing", "self_hosted/llama"))).GetProperty("output");
        Assert.That((free.GetProperty("cost_micros").GetInt64(), free.Text("currency")), Is.EqualTo((0L, "USD")), "A server of one's own charges nobody.");
    }

    [Test]
    public async Task A_budget_that_only_tells_refuses_nothing()
    {
        await using var vendor = await FakeVendor.Saying(Answer);
        var tenant = await VendorWorld.Tenant(vendor, "huggingface");
        using var budget = await tenant.Http.PostAsJsonAsync("/v1/budgets", new { name = "Told", scope = "tenant", limit_micros = 1, action = "alert" });
        await budget.Json(201);
        Assert.That((await tenant.Http.RunOnce(Graph)).Text("status"), Is.EqualTo("succeeded"));
    }

    [Test]
    public async Task A_loop_with_a_cost_budget_does_not_go_on_with_a_model_whose_cost_nobody_knows()
    {
        await using var vendor = await FakeVendor.Saying(
            """{"choices":[{"message":{"content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"hash","arguments":"{\"value\":\"x\"}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":5,"completion_tokens":1}}""");
        var tenant = await VendorWorld.Tenant(vendor, "huggingface");
        var run = await tenant.Http.RunOnce("""
            { "nodes": [{ "id": "ask", "skill": "llm", "with": { "model": "huggingface/any/thing", "prompt": "Hello.", "tools": ["hash"], "budget_micros": 1000 } }] }
            """);
        Assert.That((run.GetProperty("error").Text("code"), vendor.Calls), Is.EqualTo(("price_unknown", 1)), run.GetRawText());
    }

    [Test]
    public async Task Everything_in_the_sandbox_says_that_it_is_free()
    {
        var tenant = await TestApp.NewTenant();
        var services = (await tenant.Http.Get("/v1/vendors/sandbox/services")).GetProperty("items").EnumerateArray().ToList();
        Assert.That(services.Where(service => service.GetProperty("prices").GetArrayLength() == 0).Select(service => service.Text("id")), Is.Empty);
    }
}
