using System.Net.Http.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Agents;

public sealed class CreateAgentTests
{
    [Test]
    public async Task Makes_an_active_agent_with_its_first_version()
    {
        var tenant = await TestApp.NewTenant();
        using var answer = await tenant.Http.PostAsJsonAsync("/v1/agents", new
        {
            slug = "greeter",
            name = "Greeter",
            description = "Says hello.",
            category = "demo",
            tags = new[] { "hello" },
            features = new[] { "writing", "daily_qa" },
            limits = new { timeout_ms = 1000 },
            metadata = new { team = "a" },
            graph = AgentSamples.Json(AgentSamples.Hello),
        });
        var agent = await answer.Json(expected: 201);
        var version = await tenant.Http.Get("/v1/agents/greeter/versions/latest");

        Assert.Multiple(() =>
        {
            Assert.That(answer.Headers.Location?.ToString(), Is.EqualTo("/v1/agents/greeter"));
            Assert.That(agent.Text("status"), Is.EqualTo("active"));
            Assert.That(agent.Text("kind"), Is.EqualTo("agent"));
            Assert.That(agent.Text("latest_version"), Is.EqualTo("1.0.0"));
            Assert.That(agent.GetProperty("features").EnumerateArray().Select(f => f.GetString()), Is.EqualTo(new[] { "writing", "daily_qa" }));
            Assert.That(agent.GetProperty("limits").GetProperty("timeout_ms").GetInt32(), Is.EqualTo(1000));
            Assert.That(version.Text("content_hash"), Has.Length.EqualTo(64));
            Assert.That(version.GetProperty("skills")[0].Text("version"), Is.EqualTo("1.0.0"));
        });
        Assert.That(await tenant.Http.Audited("agent.created"), Is.EqualTo(1));
    }

    [Test]
    public async Task Makes_a_version_of_a_model_and_a_prompt_alone()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Post("/v1/agents", new { slug = "flat", name = "Flat", model = new { model = "echo", vendor = "sandbox", temperature = 0.5 }, system_prompt = "Be brief." }, 201);
        var version = await tenant.Http.Get("/v1/agents/flat/versions/1.0.0");
        Assert.Multiple(() =>
        {
            Assert.That(version.GetProperty("graph").GetProperty("nodes")[0].Text("skill"), Is.EqualTo("llm"));
            Assert.That(version.Text("system_prompt"), Is.EqualTo("Be brief."));
        });
    }

    [Test]
    public async Task Makes_an_agent_without_a_version()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Post("/v1/agents", new { slug = "bare", name = "Bare" }, 201);
        Assert.That(agent.Text("latest_version"), Is.Null);
        using var answer = await tenant.Http.GetAsync("/v1/agents/bare/versions/latest");
        await answer.Problem(404, "version_not_found");
        using var definition = await tenant.Http.GetAsync("/v1/agents/bare/definition");
        await definition.Problem(409, "agent_has_no_version");
    }

    [Test]
    public async Task Says_every_fault_at_once_and_stores_nothing()
    {
        var tenant = await TestApp.NewTenant();
        using var answer = await tenant.Http.PostAsJsonAsync("/v1/agents", new
        {
            slug = "Bad Slug",
            name = "x",
            tags = new[] { "ok", "no tag", "ok" },
            features = new[] { "flying" },
            limits = new { timeout_ms = 0, speed = 1 },
            model = new { temperature = 3 },
            input_schema = new { type = "nonsense" },
            semantic_version = "one",
            graph = AgentSamples.Json("""{ "nodes": [{ "id": "a", "skill": "unheard-of" }, { "id": "b", "skill": "transform", "with": { "v": "=a." } }], "edges": [{ "from": "a", "to": "nowhere" }] }"""),
        });
        var faults = (await answer.Problem(422, "invalid")).Faults();
        Assert.That(faults, Is.SupersetOf(new[]
        {
            ("/slug", "invalid_slug"), ("/name", "too_short"), ("/tags/1", "invalid_label"), ("/tags/2", "duplicate"), ("/features/0", "unknown_feature"),
            ("/limits/timeout_ms", "out_of_range"), ("/limits/speed", "unknown_field"), ("/model/model", "required"), ("/model/temperature", "out_of_range"),
            ("/semantic_version", "invalid_version"), ("/graph/nodes/0/skill", "unknown_skill"), ("/graph/nodes/1/with/v", "invalid_expression"), ("/graph/edges/0/to", "unknown_node"),
        }));
        Assert.That(faults.Any(f => f.Pointer.StartsWith("/input_schema", StringComparison.Ordinal)), Is.True);
        Assert.That((await tenant.Http.Get("/v1/agents")).GetProperty("items").GetArrayLength(), Is.Zero);
    }

    [TestCase("""{ "nodes": [{ "id": "a", "skill": "transform" }, { "id": "b", "skill": "transform" }], "edges": [{ "from": "a", "to": "b" }, { "from": "b", "to": "a" }] }""", "cycle")]
    [TestCase("""{ "nodes": [{ "id": "a", "skill": "http_request", "with": { "url": 5 } }] }""", "with_invalid")]
    [TestCase("""{ "nodes": [{ "id": "a", "skill": "transform@7" }] }""", "version_not_found")]
    [TestCase("""{ "nodes": [] }""", "missing")]
    public async Task Refuses_a_graph_that_could_not_run(string graph, string code)
    {
        var tenant = await TestApp.NewTenant();
        using var answer = await tenant.Http.PostAsJsonAsync("/v1/agents", new { slug = "broken", name = "Broken", graph = AgentSamples.Json(graph) });
        Assert.That((await answer.Problem(422, "invalid")).Faults().Select(f => f.Code), Does.Contain(code));
        using var after = await tenant.Http.GetAsync("/v1/agents/broken");
        await after.Problem(404, "agent_not_found");
    }

    [Test]
    public async Task Refuses_a_graph_of_501_nodes()
    {
        var tenant = await TestApp.NewTenant();
        var nodes = Enumerable.Range(0, 501).Select(i => new { id = $"n{i}", skill = "transform" }).ToArray();
        using var answer = await tenant.Http.PostAsJsonAsync("/v1/agents", new { slug = "large", name = "Large", graph = new { nodes } });
        Assert.That((await answer.Problem(422, "invalid")).Faults(), Does.Contain(("/graph/nodes", "limit_passed")));
    }

    [Test]
    public async Task Refuses_a_slug_that_is_taken_until_its_agent_is_deleted()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("same");
        using var again = await tenant.Http.PostAsJsonAsync("/v1/agents", new { slug = "same", name = "Again" });
        await again.Problem(409, "slug_taken");

        using var deleted = await tenant.Http.DeleteAsync("/v1/agents/same");
        await deleted.Json(expected: 204);
        await tenant.Http.Agent("same");
        Assert.That(await tenant.Http.Audited("agent.deleted"), Is.EqualTo(1));
    }

    [Test]
    public async Task Answers_a_repeated_key_with_the_same_agent()
    {
        var tenant = await TestApp.NewTenant();
        var body = new { slug = "once", name = "Once", graph = AgentSamples.Json(AgentSamples.Hello) };
        using var first = await tenant.Http.Send(HttpMethod.Post, "/v1/agents", body, ("Idempotency-Key", "key-1"));
        using var second = await tenant.Http.Send(HttpMethod.Post, "/v1/agents", body, ("Idempotency-Key", "key-1"));
        var (one, two) = (await first.Json(201), await second.Json(201));
        Assert.Multiple(() =>
        {
            Assert.That(two.GetRawText(), Is.EqualTo(one.GetRawText()));
            Assert.That(second.Headers.GetValues("Idempotent-Replayed"), Is.EqualTo(new[] { "true" }));
        });
    }

    [Test]
    public async Task Keeps_workflows_apart_where_they_are_asked_for()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("plain");
        var workflow = await tenant.Http.Post("/v1/workflows", new { slug = "flow", name = "Flow", graph = AgentSamples.Json(AgentSamples.Hello) }, 201);
        using var wrong = await tenant.Http.PostAsJsonAsync("/v1/workflows", new { slug = "no", name = "None", kind = "agent" });
        await wrong.Problem(422, "invalid");
        using var other = await tenant.Http.GetAsync("/v1/workflows/plain");
        await other.Problem(404, "agent_not_found");
        Assert.That(workflow.Text("kind"), Is.EqualTo("workflow"));
        Assert.That((await tenant.Http.Get("/v1/workflows")).Slugs(), Is.EqualTo(new[] { "flow" }));
        Assert.That((await tenant.Http.Get("/v1/agents?kind=agent")).Slugs(), Is.EqualTo(new[] { "plain" }));
    }
}
