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
}
