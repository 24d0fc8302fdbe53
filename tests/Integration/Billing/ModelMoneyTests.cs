using System.Net.Http.Json;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Billing;

public sealed class ModelMoneyTests
{
    [Test]
    public async Task What_a_model_cost_is_booked_as_its_answer_says()
    {
        var tenant = await TestApp.NewTenant();
        var run = await tenant.Http.RunOnce("""
            { "nodes": [{ "id": "ask", "skill": "llm", "with": { "model": "sandbox/priced", "prompt": "Say it in twenty words, or in more if that is what it takes." } }], "output": "=ask.usage" }
            """);

        var said = run.GetProperty("output");
        var view = await tenant.Http.View(run.GetProperty("id").GetGuid());
        using var answer = await tenant.Http.GetAsync($"/v1/usage/ledger?run_id={view.GetProperty("id").GetString()}&service=sandbox/priced");
        var entry = (await answer.Json(200)).GetProperty("items").EnumerateArray().Single();
        Assert.That(said.GetProperty("cost_micros").GetInt64(), Is.Positive);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(view.GetProperty("cost_micros").GetInt64(), Is.EqualTo(said.GetProperty("cost_micros").GetInt64()));
            Assert.That(entry.GetProperty("cost_micros").GetInt64(), Is.EqualTo(said.GetProperty("cost_micros").GetInt64()));
            Assert.That(entry.GetProperty("tokens_prompt").GetInt64(), Is.EqualTo(said.GetProperty("input_tokens").GetInt64()));
            Assert.That(entry.GetProperty("tokens_completion").GetInt64(), Is.EqualTo(said.GetProperty("output_tokens").GetInt64()));
            Assert.That(entry.GetProperty("currency").GetString(), Is.EqualTo("USD"));
        }
    }

    [Test]
    public async Task Sixty_four_runs_that_ask_a_model_side_by_side_spend_no_more_than_there_is()
    {
        var tenant = await TestApp.NewTenant();
        using var budget = await tenant.Http.PostAsJsonAsync("/v1/budgets", new { name = "Small", scope = "tenant", limit_micros = 2_000 });
        await budget.Json(201);
        var agent = await tenant.Http.Agent("""{ "nodes": [{ "id": "ask", "skill": "llm", "with": { "model": "sandbox/priced", "prompt": "Hello.", "max_tokens": 20 } }] }""");
        var runs = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => tenant.Http.Run(agent)));

        var paid = runs.Where(run => run.GetProperty("status").GetString() == "succeeded").ToList();
        var costs = await Task.WhenAll(paid.Select(async run => (await tenant.Http.View(run.GetProperty("id").GetGuid())).GetProperty("cost_micros").GetInt64()));
        using var answer = await tenant.Http.GetAsync("/v1/budgets");
        var left = (await answer.Json(200)).GetProperty("items").EnumerateArray().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(paid, Is.Not.Empty.And.Count.LessThan(64));
            Assert.That(runs.Except(paid).Select(run => run.GetProperty("error").GetProperty("code").GetString()), Is.All.EqualTo("budget_exceeded"));
            Assert.That(left.GetProperty("spent_micros").GetInt64(), Is.EqualTo(costs.Sum()).And.LessThanOrEqualTo(2_000));
            Assert.That(left.GetProperty("held_micros").GetInt64(), Is.Zero);
        }
    }
}
