using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution.Tools;

/// <summary>The whole way with the program's own models, offline.</summary>
[TestFixture]
public sealed class SandboxLoopTests
{
    [Test]
    public async Task An_agent_of_a_model_and_a_prompt_alone_calls_its_tools()
    {
        var tenant = await TestApp.NewTenant();
        var echo = await tenant.Echo();
        var slug = await tenant.Agent(echo);

        var run = await tenant.Http.Run(slug, $$$"""{ "input": { "prompt": "call: {{{echo}}} {\"say\":\"hello\"}\ncall: {{{echo}}} not JSON" } }""");

        var output = run.GetProperty("output");
        Assert.That((output.GetProperty("simulated").GetBoolean(), output.GetProperty("iterations").GetInt32()), Is.EqualTo((true, 2)), run.GetRawText());
        Assert.That(output.GetProperty("text").GetString(), Does.Contain("hello").And.Contain("invalid_arguments"));
        Assert.That(output.GetProperty("usage").GetProperty("input_tokens").GetInt64(), Is.Positive);
        Assert.That(output.GetProperty("tool_calls").EnumerateArray().Select(call => call.GetProperty("status").GetString()), Is.EqualTo(["succeeded", "refused"]));
    }

    [Test]
    public async Task A_model_that_always_calls_is_stopped()
    {
        var tenant = await TestApp.NewTenant();
        var echo = await tenant.Echo();
        var agent = await tenant.Http.Agent($$$"""{ "nodes": [{ "id": "answer", "skill": "llm", "with": { "prompt": "always: {{{echo}}} {\"say\":\"again\"}", "tools": ["{{{echo}}}"], "max_iterations": 3 }, "on_error": "continue" }], "output": "=errors.answer" }""");

        var run = await tenant.Http.Run(agent);

        Assert.That(run.GetProperty("output").GetProperty("code").GetString(), Is.EqualTo("max_iterations"), run.GetRawText());
    }

    [TestCase(100, "tool_arguments_too_large")]
    [TestCase(10_000, "tool_arguments_too_large")]
    public async Task Arguments_that_no_tool_takes_fail_the_question(int depth, string code)
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Agent(await tenant.Echo());
        var arguments = $"{string.Concat(Enumerable.Repeat("{\\\"a\\\":", depth))}1{new string('}', depth)}";

        var run = await tenant.Http.Run(agent, $$"""{ "input": { "prompt": "call: tool {{arguments}}" } }""");

        Assert.That((run.GetProperty("error").GetProperty("code").GetString(), run.GetProperty("error").GetProperty("class").GetString()), Is.EqualTo((code, "limit")), run.GetRawText());
    }

    [Test]
    public async Task What_the_model_says_is_told_while_it_says_it()
    {
        var tenant = await TestApp.NewTenant();
        var echo = await tenant.Echo();
        var agent = await tenant.Http.Agent($$$"""{ "nodes": [{ "id": "answer", "skill": "llm", "with": { "prompt": "call: {{{echo}}} {\"say\":\"one\"}\nanswer: two words", "tools": ["{{{echo}}}"] } }] }""");

        var run = await tenant.Http.Start(agent);
        var events = await tenant.Http.Events(run);

        Assert.That((await tenant.Http.Drain(run)).GetProperty("output").GetProperty("text").GetString(), Is.EqualTo("two words"));
        Assert.That(
            events.Where(what => what.Name == "step.finished").Select(what => JsonElement.Parse(what.Data)).Select(data => data.TryGetProperty("path", out var path) ? path.GetString() : null),
            Is.EqualTo(["answer[0]", "answer[1]", "answer[2]", null]));
    }
}
