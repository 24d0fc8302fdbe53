using System.Net.Http.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Agents;

public sealed class ChangeAgentTests
{
    [Test]
    public async Task Changes_what_is_sent_clears_what_is_null_and_leaves_the_rest()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Post("/v1/agents", new { slug = "a", name = "Before", description = "Text", category = "demo", tags = new[] { "x" } }, 201);
        using var answer = await tenant.Http.PatchAsync("/v1/agents/a", AgentSamples.Body("""{ "name": "After", "description": null }"""));
        var agent = await answer.Json(200);
        Assert.Multiple(() =>
        {
            Assert.That(agent.Text("name"), Is.EqualTo("After"));
            Assert.That(agent.Text("description"), Is.Null);
            Assert.That(agent.Text("category"), Is.EqualTo("demo"));
            Assert.That(agent.GetProperty("tags")[0].GetString(), Is.EqualTo("x"));
        });
        Assert.That(await tenant.Http.Audited("agent.updated"), Is.EqualTo(1));
    }

    [Test]
    public async Task Refuses_a_stale_copy_and_a_cleared_name()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a");
        using var read = await tenant.Http.GetAsync("/v1/agents/a");
        var tag = read.Headers.ETag!.ToString();
        using var first = await tenant.Http.Send(HttpMethod.Patch, "/v1/agents/a", new { name = "First" }, ("If-Match", tag));
        using var second = await tenant.Http.Send(HttpMethod.Patch, "/v1/agents/a", new { name = "Second" }, ("If-Match", tag));
        using var deleted = await tenant.Http.Send(HttpMethod.Delete, "/v1/agents/a", null, ("If-Match", tag));
        using var nameless = await tenant.Http.PatchAsync("/v1/agents/a", AgentSamples.Body("""{ "name": null }"""));
        using var unknown = await tenant.Http.PatchAsync("/v1/agents/a", AgentSamples.Body("""{ "slug": "b" }"""));

        await first.Json(200);
        await second.Problem(412, "stale");
        await deleted.Problem(412, "stale");
        Assert.That((await nameless.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/name", "required") }));
        Assert.That((await unknown.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/slug", "unknown_field") }));
    }

    [Test]
    public async Task Deactivates_archives_and_activates()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a");
        var states = new List<string?>();
        foreach (var verb in new[] { "deactivate", "archive", "archive", "activate" })
        {
            states.Add((await tenant.Http.Post($"/v1/agents/a/{verb}", null, 200)).Text("status"));
        }

        Assert.That(states, Is.EqualTo(new[] { "inactive", "archived", "archived", "active" }));
        Assert.That(await tenant.Http.Audited("agent.archived"), Is.EqualTo(1));
        Assert.That(await tenant.Http.Audited("agent.activated"), Is.EqualTo(1));
    }

    [Test]
    public async Task Leaves_an_archived_agent_as_it_is()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a");
        await tenant.Http.Post("/v1/agents/a/archive", null, 200);
        using var patch = await tenant.Http.PatchAsync("/v1/agents/a", AgentSamples.Body("""{ "name": "Other" }"""));
        using var version = await tenant.Http.PostAsJsonAsync("/v1/agents/a/versions", new { graph = AgentSamples.Json(AgentSamples.Fetch) });
        using var definition = await tenant.Http.PutAsync("/v1/agents/a/definition", AgentSamples.Body("""{ "name": "Other", "model": "sandbox/echo" }"""));
        using var skill = await tenant.Http.PutAsJsonAsync("/v1/agents/a/skills/transform", new { priority = 1 });
        foreach (var answer in new[] { patch, version, definition, skill })
        {
            await answer.Problem(409, "agent_archived");
        }
    }

    [Test]
    public async Task Clones_an_agent_with_its_latest_version_and_its_skills()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("source", AgentSamples.Fetch, tags: ["t"]);
        using var bound = await tenant.Http.PutAsJsonAsync("/v1/agents/source/skills/http_request", new { priority = 5 });
        await bound.Json(200);
        var first = await tenant.Http.Post("/v1/agents/source/clone", null, 201);
        var second = await tenant.Http.Post("/v1/agents/source/clone", null, 201);
        var named = await tenant.Http.Post("/v1/agents/source/clone", new { slug = "mine", name = "My own" }, 201);
        using var taken = await tenant.Http.PostAsJsonAsync("/v1/agents/source/clone", new { slug = "mine" });
        await taken.Problem(409, "slug_taken");

        var hash = (await tenant.Http.Get("/v1/agents/source/versions/latest")).Text("content_hash");
        var cloned = await tenant.Http.Get("/v1/agents/source-copy/versions/latest");
        Assert.Multiple(() =>
        {
            Assert.That((first.Text("slug"), second.Text("slug"), named.Text("slug"), named.Text("name")), Is.EqualTo(("source-copy", "source-copy-2", "mine", "My own")));
            Assert.That(cloned.Text("content_hash"), Is.EqualTo(hash));
            Assert.That(cloned.GetProperty("skills").GetArrayLength(), Is.EqualTo(2));
        });
        Assert.That((await tenant.Http.Get("/v1/agents/mine/skills")).Slugs(), Is.EqualTo(new[] { "http_request" }));
        Assert.That(await tenant.Http.Audited("agent.cloned"), Is.EqualTo(3));
    }

    [Test]
    public async Task Keeps_favourites_for_each_person()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a");
        await tenant.Http.Agent("b");
        using var viewer = await tenant.Member("viewer");
        var kept = await viewer.Http.Post("/v1/agents/a/favorite", null, 200);
        Assert.That(kept.GetProperty("is_favorite").GetBoolean(), Is.True);
        Assert.That((await viewer.Http.Get("/v1/agents?favorite=true")).Slugs(), Is.EqualTo(new[] { "a" }));
        Assert.That((await tenant.Http.Get("/v1/agents?favorite=true")).Slugs(), Is.Empty);

        using var gone = await viewer.Http.DeleteAsync("/v1/agents/a/favorite");
        await gone.Json(204);
        Assert.That((await viewer.Http.Get("/v1/agents/a")).GetProperty("is_favorite").GetBoolean(), Is.False);
    }

    [Test]
    public async Task Binds_skills_in_order()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a");
        using var first = await tenant.Http.PutAsJsonAsync("/v1/agents/a/skills/http_request", new { priority = 9, enabled = false });
        using var second = await tenant.Http.PutAsJsonAsync("/v1/agents/a/skills/transform", new { priority = 1 });
        using var unknown = await tenant.Http.PutAsJsonAsync("/v1/agents/a/skills/nothing", new { priority = 1 });
        using var outside = await tenant.Http.PutAsJsonAsync("/v1/agents/a/skills/merge", new { priority = 1001 });
        await first.Json(200);
        await second.Json(200);
        await unknown.Problem(404, "skill_not_found");
        Assert.That((await outside.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/priority", "out_of_range") }));
        Assert.That((await tenant.Http.Get("/v1/agents/a/skills")).Slugs(), Is.EqualTo(new[] { "transform", "http_request" }));

        using var removed = await tenant.Http.DeleteAsync("/v1/agents/a/skills/transform");
        using var again = await tenant.Http.DeleteAsync("/v1/agents/a/skills/transform");
        await removed.Json(204);
        await again.Problem(404, "skill_not_found");
        Assert.That(await tenant.Http.Audited("agent.skill_bound"), Is.EqualTo(2));
        Assert.That(await tenant.Http.Audited("agent.skill_unbound"), Is.EqualTo(1));
    }
}
