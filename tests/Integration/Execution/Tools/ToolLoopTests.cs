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
    public async Task Tells_a_model_that_called_it_what_was_made_and_not_the_bytes()
    {
        var script = ScriptedModels.Say(ScriptedModels.Call(("image", """{ "prompt": "A red house." }""")), ScriptedModels.Text("Done."));
        var tenant = await ScriptedModels.NewTenant();
        var run = await tenant.Http.RunOnce(script.Graph(""", "tools": ["image"]"""));
        Assert.That(script.Results(2).Single(), Does.Contain("[image/png, ").And.Contain("bytes, not shown]").And.Length.LessThan(1000), run.GetRawText());
    }

    static Guid Id(JsonElement run) => run.GetProperty("id").GetGuid();
}
