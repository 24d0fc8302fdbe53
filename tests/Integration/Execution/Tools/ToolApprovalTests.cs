using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution.Tools;

/// <summary>Calls that a person is asked about.</summary>
[TestFixture]
public sealed class ToolApprovalTests
{
    [Test]
    public async Task A_person_is_asked_before_each_call_also_over_a_restart_and_may_edit_it()
    {
        await using var cluster = await Cluster.Start(64, "api,worker,scheduler", [], ScriptedModels.Use);
        var echo = await cluster.Tenant.Echo();
        var script = ScriptedModels.Say(ScriptedModels.Call((echo, """{ "say": "transfer 100" }""")), ScriptedModels.Text("Done."));
        var agent = await cluster.Tenant.Http.Agent(script.Graph());
        await cluster.Tenant.Bind(agent, echo, """{ "approval": "always" }""");
        var key = await cluster.Tenant.ApiKey("runs:read", "runs:execute", "approvals:write");
        var run = await cluster.Http.Start(agent);
        await cluster.Http.Until(run, "waiting");
        Assert.That((await cluster.Http.ToolExecutions($"run={run}")).Select(Line), Is.EqualTo([(echo, "pending")]));

        // What was offered stays what it was, also where it is not bound any more.
        using (var unbound = await cluster.Tenant.Http.DeleteAsync($"/v1/agents/{agent}/skills/{echo}"))
        {
            Assert.That((int)unbound.StatusCode, Is.EqualTo(204));
        }

        await cluster.StopFirst();
        await using var second = await cluster.Join();
        var http = second.Anonymous();
        http.DefaultRequestHeaders.Authorization = key.DefaultRequestHeaders.Authorization;
        var approval = (await http.GetFromJsonAsync<JsonElement>($"/v1/approvals?run={run}")).GetProperty("items")[0];
        Assert.That(approval.GetProperty("payload").GetRawText(), Is.EqualTo($$$"""{"tool":"{{{echo}}}","arguments":{"say":"transfer 100"}}"""));
        await http.Post($"/v1/approvals/{approval.GetProperty("id").GetGuid()}/approve", $$$"""{ "payload": { "tool": "{{{echo}}}", "arguments": { "say": "transfer 10" } } }""", expected: 200);

        var ended = await http.Drain(run);
        Assert.That((ended.GetProperty("status").GetString(), script.Questions.Count), Is.EqualTo(("succeeded", 2)), ended.GetRawText());
        Assert.That(script.Results(2), Is.EqualTo(["""{"say":"transfer 10"}"""]));
        var noted = (await http.ToolExecutions($"run={run}")).Single();
        Assert.That((Line(noted), noted.GetProperty("output").GetRawText()), Is.EqualTo(((echo, "succeeded"), """{"say":"transfer 10"}""")));
    }

    [Test]
    public async Task A_call_that_a_person_refuses_is_told_to_the_model_and_the_others_are_made()
    {
        var tenant = await ScriptedModels.NewTenant();
        var (asked, free) = (await tenant.Echo(), await tenant.Echo());
        var script = ScriptedModels.Say(ScriptedModels.Call((asked, """{ "say": "no" }"""), (free, """{ "say": "yes" }""")), ScriptedModels.Text("Well."));
        var agent = await tenant.Http.Agent(script.Graph());
        await tenant.Bind(agent, asked, """{ "approval": "always", "priority": 1 }""");
        await tenant.Bind(agent, free);
        var run = await tenant.Http.Start(agent);
        await tenant.Http.Until(run, "waiting");

        var approval = (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/approvals?run={run}")).GetProperty("items")[0];
        await tenant.Http.Post($"/v1/approvals/{approval.GetProperty("id").GetGuid()}/reject", """{ "comment": "Not today." }""", expected: 200);

        var ended = await tenant.Http.Drain(run);
        Assert.That(ended.GetProperty("output").GetProperty("tool_calls").EnumerateArray().Select(call => call.GetProperty("status").GetString()), Is.EqualTo(["rejected", "succeeded"]), ended.GetRawText());
        Assert.That(script.Results(2)[0], Does.Contain("rejected").And.Contain("Not today."));
        Assert.That((await tenant.Http.ToolExecutions($"run={run}")).Select(Line), Is.EquivalentTo([(asked, "canceled"), (free, "succeeded")]));
    }

    [TestCase("""{ "payload": { "arguments": { "say": 1 } } }""")]
    [TestCase("""{ "payload": { "arguments": { "said": "else" } } }""")]
    [TestCase("""{ "payload": "whatever" }""")]
    public async Task What_a_person_makes_of_a_call_must_fit_as_well(string decision)
    {
        var tenant = await ScriptedModels.NewTenant();
        var echo = await tenant.Echo();
        var script = ScriptedModels.Say(ScriptedModels.Call((echo, """{ "say": "this" }""")), ScriptedModels.Text("Well."));
        var agent = await tenant.Http.Agent(script.Graph());
        await tenant.Bind(agent, echo, """{ "approval": "always" }""");
        var run = await tenant.Http.Start(agent);
        await tenant.Http.Until(run, "waiting");

        var approval = (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/approvals?run={run}")).GetProperty("items")[0];
        await tenant.Http.Post($"/v1/approvals/{approval.GetProperty("id").GetGuid()}/approve", decision, expected: 200);

        await tenant.Http.Drain(run);
        Assert.That(script.Results(2)[0], Does.Contain("invalid_with"));
    }

    [Test]
    public async Task Who_is_asked_is_named_by_the_binding_or_by_the_node()
    {
        var tenant = await ScriptedModels.NewTenant();
        var (person, other) = (await tenant.Member("developer"), await tenant.Member("developer"));
        var team = await tenant.Http.Post("/v1/teams", """{ "slug": "reviewers", "name": "Reviewers" }""", expected: 201);
        using (var joined = await tenant.Http.PutAsync($"/v1/teams/{team.GetProperty("id").GetGuid()}/members/{(await Me(other)).Id}", Runs.Json("{}")))
        {
            await joined.Json(200);
        }

        var echo = await tenant.Echo();
        var bound = ScriptedModels.Say(ScriptedModels.Call((echo, """{ "say": "bound" }""")), ScriptedModels.Text("Done."));
        var agent = await tenant.Http.Agent(bound.Graph());
        await tenant.Bind(agent, echo, $$"""{ "approval": "always", "assignee": "{{(await Me(person)).Email}}" }""");
        await DecidedBy(tenant, agent, person, other);

        var named = ScriptedModels.Say(ScriptedModels.Call((echo, """{ "say": "named" }""")), ScriptedModels.Text("Done."));
        await DecidedBy(tenant, await tenant.Http.Agent(named.Graph($$""", "tools": [{ "skill": "{{echo}}", "approval": "always", "team": "reviewers" }]""")), other, person);
    }

    [TestCase("""{ "approval": "always", "assignee": "nobody@nowhere.example" }""", "/assignee")]
    [TestCase("""{ "approval": "always", "team": "no-such-team" }""", "/team")]
    [TestCase("""{ "team": "reviewers" }""", "/team")]
    [TestCase("""{ "approval": "never", "assignee": "olive@tenant.example" }""", "/assignee")]
    public async Task Nobody_who_is_not_there_is_asked_and_nobody_without_an_approval(string settings, string pointer)
    {
        var tenant = await ScriptedModels.NewTenant();
        var echo = await tenant.Echo();
        var agent = await tenant.Agent(echo);
        using var answer = await tenant.Http.PutAsync($"/v1/agents/{agent}/skills/{echo}", Runs.Json(settings));
        Assert.That((await answer.Json(422)).GetProperty("errors")[0].GetProperty("pointer").GetString(), Is.EqualTo(pointer));
    }

    [TestCase("\"approval\": \"never\", \"assignee\": \"olive@tenant.example\"")]
    [TestCase("\"approval\": \"always\", \"team\": \"=input.team\"")]
    public async Task No_model_and_no_input_chooses_who_decides(string terms)
    {
        var tenant = await ScriptedModels.NewTenant();
        var echo = await tenant.Echo();
        var script = ScriptedModels.Say(ScriptedModels.Text("Done."));
        using var answer = await tenant.Http.PostAsync("/v1/agents/validate", Runs.Json($$"""{ "graph": {{script.Graph($$""", "tools": [{ "skill": "{{echo}}", {{terms}} }]""")}} }"""));
        Assert.That((await answer.Json(200)).GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("code").GetString()), Does.Contain("invalid_value"));
    }

    static async Task DecidedBy(TestTenant tenant, string agent, TestPerson asked, TestPerson other)
    {
        var run = await tenant.Http.Start(agent);
        await tenant.Http.Until(run, "waiting");
        var approval = (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/approvals?run={run}")).GetProperty("items")[0].GetProperty("id").GetGuid();
        await other.Http.Refused($"/v1/approvals/{approval}/approve", 403, "not_assigned");
        await asked.Http.Post($"/v1/approvals/{approval}/approve", expected: 200);
        Assert.That((await tenant.Http.Drain(run)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
    }

    static async Task<(Guid Id, string Email)> Me(TestPerson person)
    {
        var user = (await person.Http.GetFromJsonAsync<JsonElement>("/v1/me")).GetProperty("user");
        return (user.GetProperty("id").GetGuid(), user.GetProperty("email").GetString()!);
    }

    static (string?, string?) Line(JsonElement execution) => (execution.GetProperty("tool_name").GetString(), execution.GetProperty("status").GetString());
}
