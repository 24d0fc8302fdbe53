using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>Agents that call agents: each call is a run of its own.</summary>
[TestFixture]
public sealed class ChildRunTests
{
    [Test]
    public async Task Gives_the_childs_output_and_keeps_both_histories()
    {
        await using var peer = await Peer.Counting();
        var tenant = await TestApp.NewTenant();
        var child = await tenant.Http.Agent(Runs.Calling(peer));

        var run = await tenant.Http.RunOnce(Calling(child));

        Assert.That(run.GetProperty("output").GetRawText(), Is.EqualTo("""{"number":1}"""), run.GetRawText());
        var runs = (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/runs?agent={child}")).GetProperty("items");
        var one = await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/runs/{runs[0].GetProperty("id").GetGuid()}");
        Assert.That(one.GetProperty("parent_run_id").GetGuid(), Is.EqualTo(run.GetProperty("id").GetGuid()));
        Assert.That(one.GetProperty("trigger_source").GetString(), Is.EqualTo("agent"));
    }

    [Test]
    public async Task Gives_a_pure_childs_output_without_being_laid_down()
    {
        var tenant = await TestApp.NewTenant();
        var child = await tenant.Http.Agent(Runs.Echo);

        var run = await tenant.Http.RunOnce(Calling(child), """{ "input": { "text": "deep" } }""");

        Assert.That(run.GetProperty("output").GetRawText(), Is.EqualTo("""{"said":"deep"}"""), run.GetRawText());
        Assert.That(run.GetProperty("attempt").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task Fails_as_the_child_fails_and_on_error_catches_it()
    {
        var tenant = await TestApp.NewTenant();
        var child = await tenant.Http.Agent("""{ "nodes": [{ "id": "no", "skill": "fail", "with": { "code": "out_of_stock", "message": "None left." } }] }""");

        var run = await tenant.Http.RunOnce($$"""
            { "nodes": [{ "id": "ask", "skill": "agent", "with": { "agent": "{{child}}" }, "on_error": "continue" }], "output": { "code": "=errors.ask.code", "class": "=errors.ask.class" } }
            """);

        Assert.That(run.GetProperty("output").GetRawText(), Is.EqualTo("""{"code":"out_of_stock","class":"agent"}"""), run.GetRawText());
    }

    [Test]
    public async Task Fans_out_to_a_child_for_every_item()
    {
        await using var peer = await Peer.Counting();
        var tenant = await TestApp.NewTenant();
        var child = await tenant.Http.Agent(Runs.Calling(peer));

        var run = await tenant.Http.RunOnce($$"""
            {
              "nodes": [{ "id": "each", "skill": "foreach", "with": { "items": [1, 2, 3, 4, 5, 6], "concurrency": 3, "body": { "nodes": [{ "id": "ask", "skill": "agent", "with": { "agent": "{{child}}", "input": { "n": "=item" } } }] } } }],
              "output": "=length(each.results)"
            }
            """);

        Assert.That(run.GetProperty("output").GetInt32(), Is.EqualTo(6), run.GetRawText());
        Assert.That(peer.Calls, Is.EqualTo(6));
    }

    [Test]
    public async Task Does_not_wait_for_a_detached_child()
    {
        await using var peer = await Peer.Holding();
        var tenant = await TestApp.NewTenant();
        var child = await tenant.Http.Agent(Runs.Calling(peer));

        var run = await tenant.Http.RunOnce(Calling(child, """, "detached": true"""));

        var id = run.GetProperty("output").GetProperty("run_id").GetGuid();
        peer.Gate.SetResult();
        Assert.That((await tenant.Http.Drain(id)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
    }

    [Test]
    public async Task Asks_a_child_to_stop_when_nobody_waits_for_it_any_more()
    {
        await using var peer = await Peer.Holding();
        var tenant = await TestApp.NewTenant();
        var child = await tenant.Http.Agent(Runs.Calling(peer));

        var run = await tenant.Http.RunOnce($$"""{ "nodes": [{ "id": "ask", "skill": "agent", "with": { "agent": "{{child}}" }, "timeout": "500ms" }] }""");

        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("timeout"));
        var runs = (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/runs?agent={child}")).GetProperty("items");
        var ended = await tenant.Http.Drain(runs[0].GetProperty("id").GetGuid());
        Assert.That(ended.GetProperty("status").GetString(), Is.EqualTo("canceled"));
    }

    static string Calling(string agent, string more = "") => $$"""
        { "nodes": [{ "id": "ask", "skill": "agent", "with": { "agent": "{{agent}}", "input": "=input"{{more}} } }] }
        """;
}
