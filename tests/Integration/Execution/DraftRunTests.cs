using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>Test runs of drafts: whole, from a node on, and of one node.</summary>
[TestFixture]
public sealed class DraftRunTests
{
    [Test]
    public async Task A_draft_of_an_agent_without_a_version_runs_as_a_test_and_makes_none()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await Bare(tenant.Http);
        await Draft(tenant.Http, agent, Runs.Echo);

        var started = await tenant.Http.Post($"/v1/agents/{agent}/draft/run", """{ "input": { "text": "try" } }""");
        var run = await tenant.Http.Drain(started.GetProperty("id").GetGuid());

        Assert.That((run.GetProperty("output").GetRawText(), run.GetProperty("is_test").GetBoolean(), run.GetProperty("trigger_source").GetString()),
            Is.EqualTo(("""{"said":"try"}""", true, "manual")));
        Assert.That(run.GetProperty("agent_version_id").GetGuid(), Is.EqualTo(started.GetProperty("agent_version_id").GetGuid()));
        Assert.That((await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/agents/{agent}/versions")).GetProperty("items").GetArrayLength(), Is.Zero);
        await tenant.Http.Refused($"/v1/agents/{agent}/runs", 409, "agent_has_no_version", "{}");
        Assert.That(await tenant.AuditActions(), Has.One.EqualTo("run.tested"));
    }

    [Test]
    public async Task Tests_are_listed_apart_and_a_replay_of_one_is_one()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        await tenant.Http.Run(agent, """{ "input": { "text": "real" } }""");
        await Draft(tenant.Http, agent, Runs.Echo);
        var test = Id(await tenant.Http.Post($"/v1/agents/{agent}/draft/run"));
        await tenant.Http.Drain(test);
        var again = Id(await tenant.Http.Post($"/v1/runs/{test}/replay"));
        await tenant.Http.Drain(again);

        Assert.That(await Listed(tenant.Http, "test=true"), Is.EqualTo([again, test]));
        Assert.That(await Listed(tenant.Http, "test=false"), Has.Count.EqualTo(1));
        Assert.That(await Listed(tenant.Http, ""), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task The_same_draft_again_is_the_same_version_and_a_changed_one_another()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        await Draft(tenant.Http, agent, Runs.Echo);
        var first = await tenant.Http.Post($"/v1/agents/{agent}/draft/run");
        var same = await tenant.Http.Post($"/v1/agents/{agent}/draft/run");
        await Draft(tenant.Http, agent, Runs.Echo.Replace("said", "told", StringComparison.Ordinal));
        var changed = await tenant.Http.Post($"/v1/agents/{agent}/draft/run", """{ "input": { "text": "x" } }""");

        Assert.That(Version(same), Is.EqualTo(Version(first)));
        Assert.That(Version(changed), Is.Not.EqualTo(Version(first)));
        Assert.That((await tenant.Http.Drain(Id(changed))).GetProperty("output").GetRawText(), Is.EqualTo("""{"told":"x"}"""));
        var published = await tenant.Http.Post($"/v1/agents/{agent}/draft/publish", "{}", 201);
        Assert.That(published.GetProperty("semantic_version").GetString(), Is.EqualTo("1.1.0"), "tests take no numbers");
    }

    [Test]
    public async Task One_node_runs_with_what_was_before_it_and_nothing_else_does()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Counting();
        var agent = await tenant.Http.Agent(Runs.Calling(peer));
        await tenant.Http.Run(agent, """{ "input": { "a": 1 } }""");
        await Draft(tenant.Http, agent, Runs.Calling(peer).Replace("\"number\": \"=call.body.number\"", "\"twice\": \"=call.body.number\"", StringComparison.Ordinal));

        var started = await tenant.Http.Post($"/v1/agents/{agent}/draft/run", """{ "only_node": "last" }""");
        var run = await tenant.Http.Drain(Id(started));
        Assert.That((run.GetProperty("output").GetRawText(), run.GetProperty("input").GetRawText(), peer.Calls), Is.EqualTo(("""{"twice":1}""", """{"a":1}""", 1)));
        Assert.That(Names(started, "reused"), Is.EquivalentTo(["first", "call"]));

        var middle = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/agents/{agent}/draft/run", """{ "only_node": "call" }""")));
        Assert.That((middle.GetProperty("steps_total").GetInt32(), peer.Calls), Is.EqualTo((2, 2)), "what follows is not run");
        Assert.That(await tenant.Http.StepLines(Id(middle)), Is.EqualTo(["first/1/succeeded", "call/1/succeeded"]));

        var later = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/agents/{agent}/draft/run", """{ "only_node": "last" }""")));
        Assert.That(later.GetProperty("output").GetRawText(), Is.EqualTo("""{"twice":2}"""), "of several runs the last that ran the node counts");
    }

    [Test]
    public async Task One_node_runs_though_its_branch_was_not_taken_and_the_rest_of_the_draft_is_broken()
    {
        var tenant = await TestApp.NewTenant();
        const string graph = """
            {
              "nodes": [
                { "id": "pick", "skill": "switch", "with": { "cases": [{ "name": "left", "when": "input.way == 'left'" }], "default": "right" } },
                { "id": "a", "skill": "transform", "with": { "v": 1 } },
                { "id": "b", "skill": "transform", "with": { "v": 2 } },
                { "id": "c", "skill": "transform", "with": { "b": "=b" } }BROKEN
              ],
              "edges": [{ "from": "pick", "to": "a", "case": "left" }, { "from": "pick", "to": "b", "case": "right" }, { "from": "b", "to": "c" }]
            }
            """;
        var agent = await tenant.Http.Agent(graph.Replace("BROKEN", "", StringComparison.Ordinal));
        await tenant.Http.Run(agent, """{ "input": { "way": "left" } }""");
        await Draft(tenant.Http, agent, graph.Replace("BROKEN", """, { "id": "bad", "skill": "no_such_skill" }""", StringComparison.Ordinal));

        await tenant.Http.Refused($"/v1/agents/{agent}/draft/run", 422, "invalid", "{}");
        var run = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/agents/{agent}/draft/run", """{ "only_node": "c" }""")));

        Assert.That(run.GetProperty("output").GetRawText(), Is.EqualTo("""{"b":null}"""));
        await tenant.Http.Refused($"/v1/agents/{agent}/draft/run", 422, "invalid", """{ "only_node": "nowhere" }""");
    }

    [Test]
    public async Task Pinned_outputs_stand_in_for_nodes_that_never_ran()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Counting();
        var agent = await Bare(tenant.Http);
        await Draft(tenant.Http, agent, Runs.Calling(peer), """, "pinned": { "call": { "body": { "number": 7 } } }""");

        var whole = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/agents/{agent}/draft/run")));
        Assert.That((whole.GetProperty("output").GetRawText(), peer.Calls), Is.EqualTo(("""{"number":7}""", 0)));
        Assert.That(await tenant.Http.StepLines(Id(whole)), Is.EqualTo(["call/0/succeeded", "first/1/succeeded", "last/1/succeeded"]));

        var given = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/agents/{agent}/draft/run", """{ "only_node": "last", "data": { "call": { "body": { "number": 8 } } } }""")));
        Assert.That(given.GetProperty("output").GetRawText(), Is.EqualTo("""{"number":8}"""), "what is sent goes before what is pinned");

        var asked = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/agents/{agent}/draft/run", """{ "only_node": "call" }""")));
        Assert.That((asked.GetProperty("status").GetString(), peer.Calls), Is.EqualTo(("succeeded", 1)), "the node that is asked for runs");

        var events = await tenant.Http.Events(Id(whole));
        Assert.That(events.Count(e => e.Name == "step.finished"), Is.EqualTo(3));
    }

    [Test]
    public async Task From_a_node_on_it_and_what_follows_runs()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Counting();
        var agent = await tenant.Http.Agent(Runs.Calling(peer));
        await tenant.Http.Run(agent);
        await Draft(tenant.Http, agent, Runs.Calling(peer));

        var last = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/agents/{agent}/draft/run", """{ "from_node": "last" }""")));
        Assert.That((last.GetProperty("output").GetRawText(), peer.Calls), Is.EqualTo(("""{"number":1}""", 1)));
        var call = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/agents/{agent}/draft/run", """{ "from_node": "call" }""")));
        Assert.That((call.GetProperty("output").GetRawText(), peer.Calls), Is.EqualTo(("""{"number":2}""", 2)));

        await tenant.Http.Refused($"/v1/agents/{agent}/draft/run", 422, "invalid", """{ "from_node": "call", "only_node": "call" }""");
        await tenant.Http.Refused($"/v1/agents/{agent}/draft/run", 422, "invalid", """{ "from_node": "nowhere" }""");
    }

    [Test]
    public async Task The_latest_steps_are_those_of_the_last_run_of_each_node()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Counting();
        var agent = await tenant.Http.Agent(Runs.Calling(peer));
        await tenant.Http.Run(agent, """{ "input": { "n": 1 } }""");
        await Draft(tenant.Http, agent, Runs.Calling(peer), """, "pinned": { "first": { "n": 5 } }""");
        var part = Id(await tenant.Http.Post($"/v1/agents/{agent}/draft/run", """{ "only_node": "call", "input": { "n": 2 } }"""));
        await tenant.Http.Drain(part);

        var latest = await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/agents/{agent}/latest-steps");

        Assert.That((latest.GetProperty("run_id").GetGuid(), latest.GetProperty("input").GetRawText()), Is.EqualTo((part, """{"n":2}""")));
        var outputs = latest.GetProperty("items").EnumerateArray().ToDictionary(step => step.GetProperty("node_id").GetString()!, step => step.GetProperty("output"));
        Assert.That(outputs["first"].GetRawText(), Is.EqualTo("""{"n":1}"""), "what is pinned is no result");
        Assert.That(outputs["call"].GetProperty("body").GetProperty("number").GetInt32(), Is.EqualTo(2));
        Assert.That(outputs["last"].GetRawText(), Is.EqualTo("""{"number":1}"""));
    }

    [Test]
    public async Task Who_may_not_run_and_who_is_of_another_tenant_starts_no_test()
    {
        var (tenant, stranger) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        var agent = await tenant.Http.Agent(Runs.Echo);
        await tenant.Http.Refused($"/v1/agents/{agent}/draft/run", 404, "draft_not_found", "{}");
        await Draft(tenant.Http, agent, Runs.Echo);

        await stranger.Http.Refused($"/v1/agents/{agent}/draft/run", 404, "agent_not_found", "{}");
        using var reader = await tenant.ApiKey("agents:read", "agents:write", "runs:read");
        await reader.Refused($"/v1/agents/{agent}/draft/run", 403, "forbidden", "{}");
        Assert.That(await Listed(tenant.Http, ""), Is.Empty);
    }

    static Guid Id(JsonElement run) => run.GetProperty("id").GetGuid();

    static Guid Version(JsonElement run) => run.GetProperty("agent_version_id").GetGuid();

    static List<string?> Names(JsonElement started, string member) => [.. started.GetProperty(member).EnumerateArray().Select(name => name.GetString())];

    static async Task<string> Bare(HttpClient http)
    {
        var slug = $"a-{Guid.CreateVersion7():n}";
        await http.Post("/v1/agents", $$"""{ "slug": "{{slug}}", "name": "Agent" }""", 201);
        return slug;
    }

    static async Task Draft(HttpClient http, string agent, string graph, string more = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/agents/{agent}/draft") { Content = Runs.Json($$"""{ "graph": {{graph}}{{more}} }""") };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await http.SendAsync(request);
        await answer.Json(200);
    }

    static async Task<List<Guid>> Listed(HttpClient http, string filter) =>
        [.. (await http.GetFromJsonAsync<JsonElement>($"/v1/runs?{filter}")).GetProperty("items").EnumerateArray().Select(Id)];
}
