using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Integrations;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Integration.Execution.Tools;

/// <summary>Models that call tools until they answer.</summary>
[TestFixture]
public sealed class ToolLoopTests
{
    [Test]
    public async Task The_model_calls_a_bound_skill_and_answers_with_what_it_gave()
    {
        var tenant = await ScriptedModels.NewTenant();
        var echo = await tenant.Echo();
        var script = ScriptedModels.Say(ScriptedModels.Call((echo, """{ "say": "hello" }""")), ScriptedModels.Text("It said hello."));

        var run = await tenant.Http.Run(await tenant.Agent(script, echo));

        var output = run.GetProperty("output");
        Assert.That((output.GetProperty("text").GetString(), output.GetProperty("iterations").GetInt32(), output.GetProperty("model").GetString()), Is.EqualTo(("It said hello.", 2, script.Model)), run.GetRawText());
        var call = output.GetProperty("tool_calls")[0];
        Assert.That(
            (call.GetProperty("tool").GetString(), call.GetProperty("arguments").GetRawText(), call.GetProperty("result_excerpt").GetString(), call.GetProperty("status").GetString()),
            Is.EqualTo((echo, """{"say":"hello"}""", """{"say":"hello"}""", "succeeded")));
        Assert.That((output.GetProperty("usage").GetProperty("input_tokens").GetInt32(), output.GetProperty("usage").GetProperty("cost_micros").GetInt32()), Is.EqualTo((20, 200)));
        Assert.That(script.Results(2), Is.EqualTo(["""{"say":"hello"}"""]));
        var tool = (Microsoft.Extensions.AI.AIFunctionDeclaration)script.Questions[0].Options.Tools!.Single();
        Assert.That((tool.Name, tool.Description, tool.JsonSchema.GetProperty("required")[0].GetString()), Is.EqualTo((echo, "Says it again.", "say")));
        Assert.That(await tenant.Http.StepPlaces(Id(run)), Is.EqualTo(["answer/succeeded", "answer[0]/model/succeeded", "answer[1]/call_1/succeeded", "answer[2]/model/succeeded"]));
    }

    [Test]
    public async Task Every_call_is_noted_with_its_model_status_and_duration()
    {
        var tenant = await ScriptedModels.NewTenant();
        await using var peer = await Peer.Start((number, http) =>
        {
            http.Response.StatusCode = number == 1 ? 201 : 404;
            return http.Response.WriteAsync("text");
        });
        var post = await tenant.Posting(peer);
        var script = ScriptedModels.Say(ScriptedModels.Call((post, "{}")), ScriptedModels.Call((post, """{ "body": "again" }""")), ScriptedModels.Text("Done."));
        var agent = await tenant.Agent(script, post);

        var run = await tenant.Http.Run(agent);

        var noted = await tenant.Http.ToolExecutions($"run={Id(run)}");
        Assert.That(
            noted.Select(one => (one.GetProperty("tool_name").GetString(), one.GetProperty("status").GetString(), one.GetProperty("http_status").GetInt32(), one.GetProperty("llm_source").GetString())).Order(),
            Is.EqualTo([(post, "failed", 404, script.Model), (post, "succeeded", 201, script.Model)]));
        Assert.That(noted.Select(one => one.GetProperty("request_id").GetString()), Is.EquivalentTo([$"{Id(run):n}/answer[1]/call_1", $"{Id(run):n}/answer[3]/call_1"]));
        Assert.That(peer.Keys, Is.EquivalentTo(noted.Select(one => one.GetProperty("request_id").GetString())), "what the outside got as the idempotency key");
        Assert.That(noted.TrueForAll(one => one.GetProperty("duration_ms").GetInt64() >= 0 && one.GetProperty("completed_at").ValueKind is JsonValueKind.String && one.GetProperty("user_id").ValueKind is JsonValueKind.String));
        Assert.That(noted.Single(one => one.GetProperty("status").GetString() == "failed").GetProperty("error_code").GetString(), Is.Not.Null);
        Assert.That(await tenant.Http.ToolExecutions($"agent={agent}&tool={post}&status=failed"), Has.Count.EqualTo(1));
        var first = await tenant.Http.GetFromJsonAsync<JsonElement>("/v1/tool-executions?limit=1");
        Assert.That(await tenant.Http.ToolExecutions($"limit=1&cursor={first.GetProperty("next_cursor").GetString()}"), Has.Count.EqualTo(1));
        Assert.That(await (await ScriptedModels.NewTenant()).Http.ToolExecutions($"run={Id(run)}"), Is.Empty);
        using var refused = await tenant.Http.GetAsync("/v1/tool-executions?status=odd");
        await refused.Problem(422, "invalid");
    }

    [Test]
    public async Task Calls_of_one_answer_are_made_beside_each_other()
    {
        var tenant = await ScriptedModels.NewTenant();
        await using var peer = await Peer.Holding();
        var post = await tenant.Posting(peer);
        var script = ScriptedModels.Say(ScriptedModels.Call((post, """{ "body": 1 }"""), (post, """{ "body": 2 }"""), (post, """{ "body": 3 }""")), ScriptedModels.Text("All three."));

        var run = await tenant.Http.Start(await tenant.Agent(script, post));
        await peer.Arrival();
        await peer.Arrival();
        await peer.Arrival();
        peer.Gate.SetResult();

        Assert.That((await tenant.Http.Drain(run)).GetProperty("output").GetProperty("tool_calls").GetArrayLength(), Is.EqualTo(3));
        Assert.That(script.Results(2), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task What_cannot_be_called_is_told_to_the_model_which_may_do_better()
    {
        var tenant = await ScriptedModels.NewTenant();
        await using var peer = await Peer.Counting();
        var (echo, post) = (await tenant.Echo(), await tenant.Posting(peer));
        var script = ScriptedModels.Say(
            ScriptedModels.Call(("no_such_tool", "{}"), (echo, """{ "said": 1 }"""), (post, """{ "url": "http://127.0.0.1:1/" }""")),
            ScriptedModels.Call((echo, """{ "say": "better" }""")),
            ScriptedModels.Text("Now."));

        var run = await tenant.Http.Run(await tenant.Agent(script, echo, post));

        Assert.That(run.GetProperty("output").GetProperty("text").GetString(), Is.EqualTo("Now."), run.GetRawText());
        var results = script.Results(2);
        Assert.That(results[0], Does.Contain("unknown_tool").And.Contain(echo));
        Assert.That(results[1], Does.Contain("invalid_arguments").And.Contain("say"));
        Assert.That(results[2], Does.Contain("url").And.Contain("set already"));
        Assert.That(peer.Calls, Is.Zero);
        Assert.That(run.GetProperty("output").GetProperty("tool_calls").EnumerateArray().Select(call => call.GetProperty("status").GetString()), Is.EqualTo(["refused", "refused", "refused", "succeeded"]));
        Assert.That(await tenant.Http.ToolExecutions($"run={Id(run)}&status=failed"), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_model_that_only_makes_calls_that_cannot_be_made_is_given_up()
    {
        var tenant = await ScriptedModels.NewTenant();
        var script = ScriptedModels.Say(ScriptedModels.Call(("nothing", "{}")));

        var run = await tenant.Http.Run(await tenant.Agent(script, await tenant.Echo()));

        Assert.That((Error(run, "code"), Error(run, "class"), script.Questions.Count), Is.EqualTo(("tool_calls_invalid", "invalid_response", 3)), run.GetRawText());
    }

    [Test]
    public async Task A_loop_that_never_ends_is_stopped_and_says_what_it_spent()
    {
        var tenant = await ScriptedModels.NewTenant();
        await using var peer = await Peer.Counting();
        var post = await tenant.Posting(peer);
        var script = ScriptedModels.Say(ScriptedModels.Call((post, "{}")));
        var agent = await tenant.Http.Agent(script.Graph(""", "max_iterations": 4"""));
        await tenant.Bind(agent, post);

        var run = await tenant.Http.Run(agent);

        Assert.That((Error(run, "code"), Error(run, "class"), script.Questions.Count, peer.Calls), Is.EqualTo(("max_iterations", "limit", 4, 3)), run.GetRawText());
        var spent = run.GetProperty("error").GetProperty("detail");
        Assert.That((spent.GetProperty("iterations").GetInt32(), spent.GetProperty("usage").GetProperty("cost_micros").GetInt32()), Is.EqualTo((4, 400)));
    }

    [TestCase(", \"token_budget\": 40", "", "token_budget", 3)]
    [TestCase(", \"budget_micros\": 200", "", "cost_budget", 2)]
    [TestCase("", """, "limits": { "budget_micros": 300 }""", "cost_budget", 3)]
    [TestCase("", """, "limits": { "max_iterations": 2 }""", "max_iterations", 2)]
    public async Task A_budget_ends_the_loop(string with, string limits, string code, int asked)
    {
        var tenant = await ScriptedModels.NewTenant();
        var echo = await tenant.Echo();
        var script = ScriptedModels.Say(ScriptedModels.Call((echo, """{ "say": "again" }""")));
        var agent = await tenant.Http.Agent(script.Graph(with), limits);
        await tenant.Bind(agent, echo);

        var run = await tenant.Http.Run(agent);

        Assert.That((Error(run, "code"), script.Questions.Count), Is.EqualTo((code, asked)), run.GetRawText());
    }

    [Test]
    public async Task No_question_is_asked_that_a_budget_has_no_room_for()
    {
        var tenant = await ScriptedModels.NewTenant();
        var echo = await tenant.Echo();
        var script = ScriptedModels.Say(ScriptedModels.Call((echo, """{ "say": "again" }""")));
        var agent = await tenant.Agent(script, echo);
        await tenant.Http.Post("/v1/budgets", $$"""{ "name": "Small", "scope": "agent", "agent": "{{agent}}", "limit_micros": 250 }""", expected: 201);

        var run = await tenant.Http.Run(agent);

        Assert.That((Error(run, "code"), Error(run, "class"), script.Questions.Count), Is.EqualTo(("budget_exceeded", "limit", 2)), run.GetRawText());
        Assert.That(run.GetProperty("cost_micros").GetInt64(), Is.EqualTo(200));
    }

    [Test]
    public async Task Two_hundred_calls_are_enough_for_a_run()
    {
        var tenant = await ScriptedModels.NewTenant();
        var echo = await tenant.Echo();
        var script = ScriptedModels.Say(ScriptedModels.Call([.. Enumerable.Repeat((echo, """{ "say": "again" }"""), 60)]));

        var run = await tenant.Http.Run(await tenant.Agent(script, echo));

        Assert.That((Error(run, "code"), script.Questions.Count), Is.EqualTo(("max_tool_calls", 4)), run.GetRawText());
        Assert.That(await tenant.Http.ToolExecutions($"run={Id(run)}&limit=200"), Has.Count.EqualTo(180));
    }

    [Test]
    public async Task A_tool_may_be_called_as_often_as_its_binding_says()
    {
        var tenant = await ScriptedModels.NewTenant();
        var echo = await tenant.Echo();
        var script = ScriptedModels.Say(ScriptedModels.Call((echo, """{ "say": "1" }"""), (echo, """{ "say": "2" }""")), ScriptedModels.Text("Well."));
        var agent = await tenant.Http.Agent(script.Graph());
        await tenant.Bind(agent, echo, """{ "max_calls": 1 }""");

        await tenant.Http.Run(agent);

        Assert.That(script.Results(2)[0], Is.EqualTo("""{"say":"1"}"""));
        Assert.That(script.Results(2)[1], Does.Contain("too_many_calls"));
    }

    [Test]
    public async Task A_long_result_is_cut_for_the_model_and_whole_in_the_step()
    {
        var tenant = await ScriptedModels.NewTenant();
        await using var peer = await Peer.Start((_, http) => http.Response.WriteAsync(new string('é', 100_000)));
        var post = await tenant.Posting(peer);
        var script = ScriptedModels.Say(ScriptedModels.Call((post, "{}")), ScriptedModels.Text("Long."));

        var run = await tenant.Http.Run(await tenant.Agent(script, post));

        Assert.That(System.Text.Encoding.UTF8.GetByteCount(script.Results(2)[0]), Is.InRange(60_000, 66_000));
        Assert.That(script.Results(2)[0], Does.Contain("[cut: the first"));
        Assert.That((await tenant.Http.Steps(Id(run)))[2].GetProperty("output").GetRawText(), Has.Length.GreaterThan(100_000));
    }

    [Test]
    public async Task A_structured_answer_that_does_not_fit_is_asked_for_again()
    {
        var tenant = await ScriptedModels.NewTenant();
        var echo = await tenant.Echo();
        var script = ScriptedModels.Say(ScriptedModels.Text("no JSON"), ScriptedModels.Text("""{ "n": "two" }"""), ScriptedModels.Text("""{ "n": 2 }"""));
        var agent = await tenant.Http.Agent(script.Graph(""", "response_schema": { "type": "object", "required": ["n"], "properties": { "n": { "type": "integer" } } }"""));
        await tenant.Bind(agent, echo);

        var run = await tenant.Http.Run(agent);

        Assert.That((run.GetProperty("output").GetProperty("json").GetRawText(), script.Questions.Count), Is.EqualTo(("""{"n":2}""", 3)), run.GetRawText());
        Assert.That(script.Questions[2].Messages[^1].Text, Does.Contain("/n"));
    }

    [Test]
    public async Task An_agent_is_a_tool_with_a_run_of_its_own()
    {
        var tenant = await ScriptedModels.NewTenant();
        var child = await tenant.Http.Agent(Runs.Echo, """, "description": "Says it.", "input_schema": { "type": "object", "required": ["text"], "properties": { "text": { "type": "string" } } }""");
        var script = ScriptedModels.Say(ScriptedModels.Call((child, """{ "text": 1 }""")), ScriptedModels.Call((child, """{ "text": "deep" }""")), ScriptedModels.Text("Deep."));

        var run = await tenant.Http.RunOnce(script.Graph($$""", "tools": ["agent:{{child}}"]"""));

        Assert.That(run.GetProperty("output").GetProperty("text").GetString(), Is.EqualTo("Deep."), run.GetRawText());
        Assert.That(script.Results(2)[0], Does.Contain("error").And.Contain("/text"));
        Assert.That(script.Results(3)[1], Is.EqualTo("""{"said":"deep"}"""));
        var runs = (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/runs?agent={child}")).GetProperty("items");
        Assert.That(runs.GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_skill_of_type_agent_is_bound_like_any_other()
    {
        var tenant = await ScriptedModels.NewTenant();
        var child = await tenant.Http.Agent(Runs.Echo, """, "input_schema": { "type": "object", "required": ["text"] }""");
        var helper = await tenant.Skill("agent", $$$""" "spec": { "with": { "agent": "{{{child}}}" } } """);
        var script = ScriptedModels.Say(ScriptedModels.Call((helper, """{ "text": "deep" }""")), ScriptedModels.Text("Deep."));

        await tenant.Http.Run(await tenant.Agent(script, helper));

        Assert.That(script.Results(2), Is.EqualTo(["""{"said":"deep"}"""]));
        Assert.That(((Microsoft.Extensions.AI.AIFunctionDeclaration)script.Questions[0].Options.Tools!.Single()).JsonSchema.GetProperty("required")[0].GetString(), Is.EqualTo("text"));
        await tenant.Http.Refused($"/v1/skills/{helper}/versions", 422, "invalid", """{ "spec": { "with": { "agent": "nobody" } } }""");
        await tenant.Http.Refused($"/v1/skills/{helper}/versions", 422, "invalid", "{}");
    }

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
    public async Task A_tool_applies_its_credential_which_no_model_sees()
    {
        var tenant = await ScriptedModels.NewTenant();
        var heard = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var peer = await Peer.Start((_, http) =>
        {
            heard.Enqueue(http.Request.Headers.Authorization.ToString());
            return http.Response.WriteAsync("ok");
        });
        var (secret, post, other) = (Credentials.Random(), await tenant.Posting(peer), await tenant.Posting(peer));
        var id = (await tenant.Http.Credential(new { name = "crm", auth_type = "bearer_token", secret = new { token = secret }, allowed_hosts = new[] { peer.Host() } })).GetProperty("id").GetString();
        var script = ScriptedModels.Say(ScriptedModels.Call((post, "{}"), (other, "{}")), ScriptedModels.Text("Done."));
        var agent = await tenant.Http.Agent(script.Graph($$""", "tools": ["agent", { "skill": "{{other}}", "credential": "crm" }]"""));
        await tenant.Bind(agent, post, """{ "credential": "crm" }""");

        var run = await tenant.Http.Run(agent);

        Assert.That(heard, Is.EqualTo([$"Bearer {secret}", $"Bearer {secret}"]), run.GetRawText());
        Assert.That(JsonSerializer.Serialize(script.Questions.SelectMany(question => question.Messages)), Does.Not.Contain(secret));
        var use = (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/credentials/{id}/uses")).GetProperty("items")[0];
        Assert.That((use.GetProperty("nodes")[0].GetString(), use.GetProperty("tools")[0].GetString()), Is.EqualTo(("answer", post)));
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

    static string? Error(JsonElement run, string member) => run.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty(member).GetString() : null;
}
