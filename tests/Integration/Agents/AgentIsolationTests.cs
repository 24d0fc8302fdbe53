using System.Net.Http.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Agents;

public sealed class AgentIsolationTests
{
    static readonly (HttpMethod Method, string Path, object? Body)[] AgentRoutes =
    [
        (HttpMethod.Get, "", null), (HttpMethod.Patch, "", new { name = "Stolen" }), (HttpMethod.Delete, "", null),
        (HttpMethod.Post, "/activate", null), (HttpMethod.Post, "/deactivate", null), (HttpMethod.Post, "/archive", null),
        (HttpMethod.Post, "/clone", null), (HttpMethod.Post, "/favorite", null), (HttpMethod.Delete, "/favorite", null),
        (HttpMethod.Post, "/versions", new { system_prompt = "Mine." }), (HttpMethod.Get, "/versions", null), (HttpMethod.Get, "/versions/1.0.0", null),
        (HttpMethod.Get, "/versions/1.0.0/diff/1.0.0", null), (HttpMethod.Get, "/definition", null), (HttpMethod.Put, "/definition", new { name = "Stolen", model = "sandbox/echo" }),
        (HttpMethod.Get, "/skills", null), (HttpMethod.Put, "/skills/transform", new { priority = 1 }), (HttpMethod.Delete, "/skills/transform", null),
    ];

    static readonly (HttpMethod Method, string Path, object? Body)[] SkillRoutes =
    [
        (HttpMethod.Get, "", null), (HttpMethod.Patch, "", new { name = "Stolen" }), (HttpMethod.Delete, "", null),
        (HttpMethod.Post, "/versions", new { spec = new { } }), (HttpMethod.Get, "/versions", null), (HttpMethod.Get, "/versions/1.0.0", null),
        (HttpMethod.Post, "/versions/1.0.0/activate", null), (HttpMethod.Post, "/versions/1.0.0/deprecate", null),
    ];

    [Test]
    public async Task Another_tenant_finds_nothing_by_any_route()
    {
        var (mine, theirs) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        var agent = await mine.Http.Agent("secret");
        var skill = await mine.Http.Post("/v1/skills", new { slug = "own-skill", name = "Own skill", type = "transform", category = "utility" }, 201);
        await mine.Http.Post("/v1/skills/own-skill/versions", new { semantic_version = "1.0.0" }, 201);

        foreach (var path in new[] { $"/v1/agents/{agent.Text("id")}", $"/v1/workflows/{agent.Text("id")}" })
        {
            foreach (var (method, rest, body) in AgentRoutes)
            {
                using var answer = await theirs.Http.Send(method, path + rest, body);
                await answer.Problem(404, "agent_not_found");
            }
        }

        foreach (var (method, rest, body) in SkillRoutes)
        {
            using var answer = await theirs.Http.Send(method, $"/v1/skills/{skill.Text("id")}{rest}", body);
            await answer.Problem(404, "skill_not_found");
        }

        await theirs.Http.Agent("own");
        using var bound = await theirs.Http.PutAsJsonAsync($"/v1/agents/own/skills/{skill.Text("id")}", new { priority = 1 });
        await bound.Problem(404, "skill_not_found");
        Assert.That((await theirs.Http.Get("/v1/skills")).Slugs(), Does.Not.Contain("own-skill"));
        Assert.That((await theirs.Http.Get("/v1/agents")).Slugs(), Is.EqualTo(new[] { "own" }));
        Assert.That((await mine.Http.Get("/v1/agents/secret")).GetRawText(), Is.EqualTo(agent.GetRawText()), "nothing was changed");
    }

    [Test]
    public async Task A_viewer_reads_and_changes_nothing()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a");
        using var viewer = await tenant.Member("viewer");
        foreach (var (method, rest, body) in AgentRoutes.Where(r => r.Method != HttpMethod.Get && r.Path != "/favorite"))
        {
            using var answer = await viewer.Http.Send(method, $"/v1/agents/a{rest}", body);
            await answer.Problem(403, "forbidden");
        }

        using var created = await viewer.Http.PostAsJsonAsync("/v1/agents", new { slug = "b", name = "Other" });
        using var skill = await viewer.Http.PostAsJsonAsync("/v1/skills", new { slug = "b", name = "Other", type = "transform", category = "utility" });
        using var tag = await viewer.Http.PostAsJsonAsync("/v1/tags", new { slug = "b", name = "Other" });
        foreach (var answer in new[] { created, skill, tag })
        {
            await answer.Problem(403, "forbidden");
        }

        foreach (var path in new[] { "/v1/agents", "/v1/agents/a", "/v1/agents/a/versions", "/v1/agents/a/definition", "/v1/skills", "/v1/tags", "/v1/features" })
        {
            await viewer.Http.Get(path);
        }
    }

    [Test]
    public async Task A_stranger_is_asked_to_sign_in()
    {
        var app = await TestApp.Shared();
        using var http = app.Anonymous();
        foreach (var (method, rest, body) in AgentRoutes)
        {
            using var answer = await http.Send(method, $"/v1/agents/a{rest}", body);
            await answer.Problem(401, "not_authenticated");
        }
    }

    [TestCase("/v1/agents/%01")]
    [TestCase("/v1/agents/a'b")]
    [TestCase("/v1/agents/UPPER")]
    [TestCase("/v1/agents/00000000-0000-0000-0000-000000000000")]
    [TestCase("/v1/agents/a/versions/not-a-version")]
    [TestCase("/v1/skills/no%20skill")]
    public async Task An_address_that_names_nothing_is_not_found(string path)
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a");
        using var answer = await tenant.Http.GetAsync(path);
        Assert.That((int)answer.StatusCode, Is.EqualTo(404));
    }
}
