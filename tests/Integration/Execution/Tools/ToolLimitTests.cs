using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Integration.Execution.Tools;

/// <summary>How far a model may go with its tools.</summary>
[TestFixture]
public sealed class ToolLimitTests
{
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

    static Guid Id(JsonElement run) => run.GetProperty("id").GetGuid();

    static string? Error(JsonElement run, string member) => run.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty(member).GetString() : null;
}
