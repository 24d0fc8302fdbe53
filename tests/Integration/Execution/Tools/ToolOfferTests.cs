using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution.Tools;

/// <summary>Which tools a model is offered.</summary>
[TestFixture]
public sealed class ToolOfferTests
{
    [Test]
    public async Task Without_tools_the_node_is_one_question()
    {
        var tenant = await ScriptedModels.NewTenant();
        var echo = await tenant.Echo();
        var script = ScriptedModels.Say(ScriptedModels.Text("Plain."));
        var agent = await tenant.Http.Agent(script.Graph(""", "tools": []"""));
        await tenant.Bind(agent, echo);

        var run = await tenant.Http.Run(agent);

        Assert.That(script.Questions[0].Options.Tools, Is.Null);
        Assert.That(await tenant.Http.StepPlaces(Id(run)), Is.EqualTo(["answer/succeeded"]));
    }

    [Test]
    public async Task What_is_bound_changes_with_the_next_run_and_comes_in_its_order()
    {
        var tenant = await ScriptedModels.NewTenant();
        var (first, second, off) = (await tenant.Echo(), await tenant.Echo(), await tenant.Echo());
        var script = ScriptedModels.Say(ScriptedModels.Text("Hm."));
        var agent = await tenant.Http.Agent(script.Graph());
        await tenant.Bind(agent, first, """{ "priority": 9 }""");
        await tenant.Bind(agent, second, """{ "priority": 1 }""");
        await tenant.Bind(agent, off, """{ "enabled": false }""");

        Assert.That(await Offered(), Is.EqualTo([second, first]));
        await tenant.Http.DeleteAsync($"/v1/agents/{agent}/skills/{second}");
        Assert.That(await Eventually.Get(Offered, names => names.Count == 1), Is.EqualTo([first]));

        async Task<List<string>> Offered()
        {
            await tenant.Http.Run(agent);
            return [.. script.Questions[^1].Options.Tools!.Select(tool => tool.Name)];
        }
    }

    [Test]
    public async Task A_graph_that_names_a_tool_that_is_none_is_refused_where_it_says_so()
    {
        var tenant = await ScriptedModels.NewTenant();
        var script = ScriptedModels.Say(ScriptedModels.Text("Never."));
        (string Tools, string Pointer)[] cases =
        [
            ("""["no-such-skill"]""", "/graph/nodes/0/with/tools/0"),
            ("""["foreach"]""", "/graph/nodes/0/with/tools/0"),
            ("""["agent:nobody"]""", "/graph/nodes/0/with/tools/0"),
            ("""["hash", "hash"]""", "/graph/nodes/0/with/tools/1"),
            ("""[{ "skill": "hash", "max_calls": 0 }]""", "/graph/nodes/0/with/tools/0/max_calls"),
            ("""[{ "skill": "hash", "credential": "=input.x" }]""", "/graph/nodes/0/with/tools/0/credential"),
            ("\"=input.tools\"", "/graph/nodes/0/with/tools"),
        ];
        foreach (var (tools, pointer) in cases)
        {
            using var answer = await tenant.Http.PostAsync("/v1/agents/validate", Runs.Json($$"""{ "graph": {{script.Graph($", \"tools\": {tools}")}} }"""));
            var verdict = await answer.Json(200);
            Assert.That(verdict.GetProperty("valid").GetBoolean(), Is.False, tools);
            Assert.That(verdict.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()), Has.Some.EqualTo(pointer), verdict.GetRawText());
        }
    }

    [Test]
    public async Task What_steers_a_graph_cannot_be_bound()
    {
        var tenant = await ScriptedModels.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo);

        using var answer = await tenant.Http.PutAsync($"/v1/agents/{agent}/skills/foreach", Runs.Json("{}"));

        await answer.Problem(422, "invalid");
    }

    static Guid Id(JsonElement run) => run.GetProperty("id").GetGuid();
}
