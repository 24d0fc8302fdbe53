using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution.Tools;

/// <summary>Agent loops that are stopped, asked about, taken up elsewhere, and run again: what was answered is not asked for twice.</summary>
[TestFixture]
public sealed class DurableLoopTests
{
    [Test]
    public async Task No_answered_question_is_asked_again_when_the_node_goes_while_a_tool_works()
    {
        await using var peer = await Peer.Holding();
        await using var cluster = await Cluster.Start(64, "api,worker,scheduler", [], ScriptedModels.Use);
        var echo = await cluster.Tenant.Echo();
        var post = await cluster.Tenant.Posting(peer);
        var script = ScriptedModels.Say(ScriptedModels.Call((echo, """{ "say": "first" }"""), (post, "{}")), ScriptedModels.Text("Done."));
        var run = await cluster.Http.Start(await cluster.Tenant.Agent(script, echo, post));
        await peer.Arrival();

        await cluster.StopFirst();
        await using var second = await cluster.Join();
        await peer.Arrival();
        peer.Gate.SetResult();

        var http = cluster.At(second);
        var ended = await http.Drain(run);
        Assert.That((ended.GetProperty("status").GetString(), script.Questions.Count, peer.Calls), Is.EqualTo(("succeeded", 2, 2)), ended.GetRawText());
        Assert.That(peer.Keys.Distinct().Count(), Is.EqualTo(1), "the repeated call had the key of the first");
        Assert.That(await http.ToolExecutions($"run={run}"), Has.Count.EqualTo(2));
        Assert.That(ended.GetProperty("output").GetProperty("usage").GetProperty("cost_micros").GetInt32(), Is.EqualTo(200));
        Assert.That(ended.GetProperty("cost_micros").GetInt32(), Is.EqualTo(200));
    }

    [Test]
    public async Task Only_the_question_that_was_not_answered_is_asked_again()
    {
        await using var cluster = await Cluster.Start(64, "api,worker,scheduler", [], ScriptedModels.Use);
        var echo = await cluster.Tenant.Echo();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var script = ScriptedModels.Say(ScriptedModels.Call((echo, """{ "say": "first" }""")), ScriptedModels.Text("Never heard."), ScriptedModels.Text("Done."));
        script.Gate = number => number == 2 ? held.Task : Task.CompletedTask;
        var run = await cluster.Http.Start(await cluster.Tenant.Agent(script, echo));
        await script.Arrival();
        await script.Arrival();

        await cluster.StopFirst();
        await using var second = await cluster.Join();

        var ended = await cluster.At(second).Drain(run);
        Assert.That((ended.GetProperty("output").GetProperty("text").GetString(), script.Questions.Count), Is.EqualTo(("Done.", 3)), ended.GetRawText());
        Assert.That(script.Questions[2].EffectKey, Is.EqualTo(script.Questions[1].EffectKey));
        Assert.That(script.Results(3), Is.EqualTo(script.Results(2)));
    }

    [Test]
    public async Task A_canceled_run_ends_its_calls()
    {
        await using var peer = await Peer.Holding();
        var tenant = await ScriptedModels.NewTenant();
        var post = await tenant.Posting(peer);
        var script = ScriptedModels.Say(ScriptedModels.Call((post, "{}")), ScriptedModels.Text("Never."));
        var run = await tenant.Http.Start(await tenant.Agent(script, post));
        await peer.Arrival();

        await tenant.Http.Post($"/v1/runs/{run}/cancel");

        Assert.That((await tenant.Http.Drain(run)).GetProperty("status").GetString(), Is.EqualTo("canceled"));
        Assert.That((await tenant.Http.ToolExecutions($"run={run}")).Select(Line), Is.EqualTo([(post, "canceled")]));
        Assert.That(script.Questions, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_tool_that_takes_too_long_is_given_up_and_the_model_told()
    {
        await using var peer = await Peer.Holding();
        var tenant = await ScriptedModels.NewTenant();
        var post = await tenant.Posting(peer);
        var script = ScriptedModels.Say(ScriptedModels.Call((post, "{}")), ScriptedModels.Text("Too slow."));
        var agent = await tenant.Http.Agent(script.Graph());
        await tenant.Bind(agent, post, """{ "timeout_ms": 200 }""");

        var ended = await tenant.Http.Run(agent);

        Assert.That(script.Results(2)[0], Does.Contain("timeout"), ended.GetRawText());
        Assert.That((await tenant.Http.ToolExecutions($"run={ended.GetProperty("id").GetGuid()}")).Select(Line), Is.EqualTo([(post, "timeout")]));
    }

    [Test]
    public async Task A_redriven_run_goes_on_after_the_last_answer()
    {
        await using var peer = await Peer.Start((number, http) =>
        {
            http.Response.StatusCode = number == 1 ? 404 : 200;
            return http.Response.CompleteAsync();
        });
        var tenant = await ScriptedModels.NewTenant();
        var (echo, post) = (await tenant.Echo(), await tenant.Posting(peer));
        var script = ScriptedModels.Say(ScriptedModels.Call((echo, """{ "say": "once" }"""), (post, "{}")), ScriptedModels.Fail(), ScriptedModels.Text("At last."));
        var failed = await tenant.Http.Run(await tenant.Agent(script, echo, post));
        var id = failed.GetProperty("id").GetGuid();
        Assert.That(failed.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("vendor_down"), failed.GetRawText());

        using (var inside = await tenant.Http.PostAsync($"/v1/runs/{id}/replay", Runs.Json("""{ "from_node": "answer[2]/model" }""")))
        {
            var fault = (await inside.Json(422)).GetProperty("errors")[0];
            Assert.That((fault.GetProperty("code").GetString(), fault.GetProperty("message").GetString()), Is.EqualTo(("inside_a_node", "answer[2]/model is inside the node answer, which stands or runs anew as a whole; begin at answer.")));
        }

        var run = await tenant.Http.Drain((await tenant.Http.Post($"/v1/runs/{id}/redrive")).GetProperty("id").GetGuid());

        Assert.That((run.GetProperty("output").GetProperty("text").GetString(), script.Questions.Count, peer.Calls), Is.EqualTo(("At last.", 3, 1)), run.GetRawText());
        Assert.That(script.Results(3), Is.EqualTo(script.Results(2)), "what the model was told stays what it was, also that a call failed");
        Assert.That(await tenant.Http.ToolExecutions($"run={run.GetProperty("id").GetGuid()}"), Is.Empty, "nothing was called again");
    }

    [Test]
    public async Task A_failed_question_is_tried_again_as_the_node_says()
    {
        var tenant = await ScriptedModels.NewTenant();
        var echo = await tenant.Echo();
        var script = ScriptedModels.Say(ScriptedModels.Call((echo, """{ "say": "once" }""")), ScriptedModels.Fail(), ScriptedModels.Text("Then."));
        var agent = await tenant.Http.Agent(script.Graph(node: """, "retry": { "max_attempts": 2, "initial": "10ms" }"""));
        await tenant.Bind(agent, echo);

        var run = await tenant.Http.Run(agent);

        Assert.That((run.GetProperty("output").GetProperty("text").GetString(), script.Questions.Count), Is.EqualTo(("Then.", 3)), run.GetRawText());
        Assert.That(await tenant.Http.StepLines(run.GetProperty("id").GetGuid()), Is.EqualTo(["answer/1/succeeded", "model/1/succeeded", "call_1/1/succeeded", "model/1/failed", "model/2/succeeded"]));
    }

    [Test]
    public async Task A_tool_that_waits_lays_the_run_down()
    {
        var tenant = await ScriptedModels.NewTenant();
        var child = await tenant.Http.Agent("""{ "nodes": [{ "id": "go", "skill": "wait", "with": { "signal": "go" } }], "output": "=go.payload" }""");
        var script = ScriptedModels.Say(ScriptedModels.Call((child, "{}")), ScriptedModels.Text("Went."));
        var run = await tenant.Http.Start(await tenant.Http.Agent(script.Graph($$""", "tools": ["agent:{{child}}"]""")));
        await tenant.Http.Until(run, "waiting");
        Assert.That((await tenant.Http.ToolExecutions($"run={run}")).Select(Line), Is.EqualTo([(child, "running")]));

        var below = (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/runs?agent={child}")).GetProperty("items")[0].GetProperty("id").GetGuid();
        await tenant.Http.Post($"/v1/runs/{below}/signals/go", """{ "payload": { "far": true } }""");

        Assert.That((await tenant.Http.Drain(run)).GetProperty("output").GetProperty("text").GetString(), Is.EqualTo("Went."));
        Assert.That(script.Results(2), Is.EqualTo(["""{"far":true}"""]));
        Assert.That(script.Questions, Has.Count.EqualTo(2));
        Assert.That((await tenant.Http.ToolExecutions($"run={run}")).Select(Line), Is.EqualTo([(child, "succeeded")]));
    }

    [Test]
    public async Task The_nodes_time_is_for_all_of_it()
    {
        await using var peer = await Peer.Holding();
        var tenant = await ScriptedModels.NewTenant();
        var post = await tenant.Posting(peer);
        var script = ScriptedModels.Say(ScriptedModels.Call((post, "{}")), ScriptedModels.Text("Never."));
        var agent = await tenant.Http.Agent(script.Graph(node: """, "timeout": "500ms" """));
        await tenant.Bind(agent, post);

        var run = await tenant.Http.Run(agent);

        Assert.That((run.GetProperty("error").GetProperty("class").GetString(), script.Questions.Count), Is.EqualTo(("timeout", 1)), run.GetRawText());
        Assert.That((await tenant.Http.ToolExecutions($"run={run.GetProperty("id").GetGuid()}")).Select(Line), Is.EqualTo([(post, "canceled")]));
    }

    [Test]
    public async Task Loops_beside_each_other_in_bodies_do_not_mix()
    {
        var tenant = await ScriptedModels.NewTenant();
        var echo = await tenant.Echo();
        var script = ScriptedModels.Say(question =>
        {
            var asked = question.Messages[0].Text;
            return question.Messages.Count == 1
                ? ScriptedModels.Call((echo, $$"""{ "say": "{{asked}}" }"""))(question)
                : ScriptedModels.Text($"{asked}:{question.Messages[^1].Contents.OfType<Microsoft.Extensions.AI.FunctionResultContent>().Single().Result}")(question);
        });
        var agent = await tenant.Http.Agent($$$"""
            {
              "nodes": [{ "id": "each", "skill": "foreach", "with": {
                "items": ["a", "b", "c", "d", "e", "f"], "concurrency": 3,
                "body": { "nodes": [{ "id": "answer", "skill": "llm", "with": { "model": "{{{script.Model}}}", "prompt": "=item", "tools": ["{{{echo}}}"] } }], "output": "=answer.text" }
              } }],
              "output": "=each.results"
            }
            """);

        var run = await tenant.Http.Run(agent);

        Assert.That(
            run.GetProperty("output").EnumerateArray().Select(text => text.GetString()),
            Is.EqualTo("abcdef".Select(letter => $$"""{{letter}}:{"say":"{{letter}}"}""")), run.GetRawText());
        Assert.That(await tenant.Http.ToolExecutions($"run={run.GetProperty("id").GetGuid()}"), Has.Count.EqualTo(6));
    }

    static (string?, string?) Line(JsonElement execution) => (execution.GetProperty("tool_name").GetString(), execution.GetProperty("status").GetString());
}
