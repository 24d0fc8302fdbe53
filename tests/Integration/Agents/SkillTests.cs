using System.Net.Http.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Agents;

public sealed class SkillTests
{
    const string UsesPost = """{ "nodes": [{ "id": "post", "skill": "slack-post@1", "with": { "channel": "#a" } }] }""";

    [Test]
    public async Task Shows_the_platforms_skills_and_lets_nobody_change_them()
    {
        var tenant = await TestApp.NewTenant();
        var slugs = (await tenant.Http.Get("/v1/skills")).Slugs();
        Assert.That(slugs, Is.SupersetOf(new[] { "transform", "http_request", "switch", "merge", "fail", "llm" }));
        Assert.That((await tenant.Http.Get("/v1/skills/http_request")).GetProperty("is_platform").GetBoolean(), Is.True);

        using var renamed = await tenant.Http.PatchAsync("/v1/skills/transform", AgentSamples.Body("""{ "name": "Mine" }"""));
        using var version = await tenant.Http.PostAsJsonAsync("/v1/skills/transform/versions", new { spec = new { } });
        using var deprecated = await tenant.Http.PostAsync("/v1/skills/transform/versions/1.0.0/deprecate", null);
        using var deleted = await tenant.Http.DeleteAsync("/v1/skills/transform");
        foreach (var answer in new[] { renamed, version, deprecated, deleted })
        {
            await answer.Problem(403, "platform_skill");
        }
    }

    [Test]
    public async Task Registers_a_skill_that_graphs_can_use()
    {
        var tenant = await TestApp.NewTenant();
        await Register(tenant.Http);
        await tenant.Http.Agent("poster", UsesPost);
        using var wrong = await tenant.Http.PostAsJsonAsync("/v1/agents", new { slug = "b", name = "Wrong", graph = AgentSamples.Json(UsesPost.Replace("\"#a\"", "5", StringComparison.Ordinal)) });
        Assert.That((await wrong.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/graph/nodes/0/with/channel", "with_invalid") }));
        Assert.That((await tenant.Http.Get("/v1/skills?tag=chat")).Slugs(), Is.EqualTo(new[] { "slack-post" }));
        Assert.That((await tenant.Http.Get("/v1/skills?q=SLACK&type=transform")).Slugs(), Is.EqualTo(new[] { "slack-post" }));
        Assert.That((await tenant.Http.Get("/v1/agents?uses_skill=slack-post")).Slugs(), Is.EqualTo(new[] { "poster" }));
        Assert.That(await tenant.Http.Audited("skill.created"), Is.EqualTo(1));
        Assert.That(await tenant.Http.Audited("skill.version_created"), Is.EqualTo(1));
        Assert.That(await tenant.Http.Audited("tag.created"), Is.EqualTo(1));
    }

    [Test]
    public async Task Keeps_an_agent_on_the_version_that_it_was_made_with()
    {
        var tenant = await TestApp.NewTenant();
        await Register(tenant.Http);
        await tenant.Http.Agent("poster", UsesPost);
        await tenant.Http.Post("/v1/skills/slack-post/versions", new { semantic_version = "1.5.0", spec = new { } }, 201);
        await tenant.Http.Agent("later", UsesPost);
        Assert.That(await Pinned("poster"), Is.EqualTo("1.0.0"));
        Assert.That(await Pinned("later"), Is.EqualTo("1.5.0"));

        async Task<string?> Pinned(string agent) => (await tenant.Http.Get($"/v1/agents/{agent}/versions/latest")).GetProperty("skills")[0].Text("version");
    }

    [Test]
    public async Task Warns_of_a_deprecated_version_and_prefers_an_active_one()
    {
        var tenant = await TestApp.NewTenant();
        await Register(tenant.Http);
        var deprecated = await tenant.Http.Post("/v1/skills/slack-post/versions/1.0.0/deprecate", new { message = "Use 2." }, 200);
        Assert.That((deprecated.GetProperty("is_active").GetBoolean(), deprecated.GetProperty("is_deprecated").GetBoolean()), Is.EqualTo((false, true)));

        var checkedGraph = await tenant.Http.Post("/v1/agents/validate", new { graph = AgentSamples.Json(UsesPost) }, 200);
        Assert.Multiple(() =>
        {
            Assert.That(checkedGraph.GetProperty("valid").GetBoolean(), Is.True);
            Assert.That(checkedGraph.GetProperty("warnings")[0].Text("code"), Is.EqualTo("skill_deprecated"));
            Assert.That(checkedGraph.GetProperty("warnings")[0].Text("pointer"), Is.EqualTo("/graph/nodes/0/skill"));
            Assert.That(checkedGraph.GetProperty("warnings")[0].Text("message"), Does.Contain("Use 2."));
        });

        var active = await tenant.Http.Post("/v1/skills/slack-post/versions/1.0.0/activate", null, 200);
        Assert.That((active.GetProperty("is_active").GetBoolean(), active.Text("deprecation_message")), Is.EqualTo((true, (string?)null)));
        Assert.That(await tenant.Http.Audited("skill.version_deprecated"), Is.EqualTo(1));
        Assert.That(await tenant.Http.Audited("skill.version_activated"), Is.EqualTo(1));
    }

    [Test]
    public async Task Never_resolves_to_a_draft_a_switched_off_or_a_deleted_skill()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Post("/v1/skills", new { slug = "slack-post", name = "Posts", type = "transform", category = "utility" }, 201);
        await tenant.Http.Post("/v1/skills/slack-post/versions", new { semantic_version = "1.0.0", is_active = false }, 201);
        Assert.That(await Code(), Is.EqualTo("version_not_found"));
        await tenant.Http.Post("/v1/skills/slack-post/versions/1.0.0/activate", null, 200);
        Assert.That(await Code(), Is.Null);
        using var off = await tenant.Http.PatchAsync("/v1/skills/slack-post", AgentSamples.Body("""{ "is_active": false }"""));
        await off.Json(200);
        Assert.That(await Code(), Is.EqualTo("version_not_found"));
        using var deleted = await tenant.Http.DeleteAsync("/v1/skills/slack-post");
        await deleted.Json(204);
        Assert.That(await Code(), Is.EqualTo("unknown_skill"));

        async Task<string?> Code()
        {
            var errors = (await tenant.Http.Post("/v1/agents/validate", new { graph = AgentSamples.Json(UsesPost) }, 200)).GetProperty("errors");
            return errors.GetArrayLength() == 0 ? null : errors[0].Text("code");
        }
    }

    [Test]
    public async Task Refuses_skills_that_could_not_run()
    {
        var tenant = await TestApp.NewTenant();
        foreach (var type in new[] { "llm", "retrieval", "builtin" })
        {
            using var answer = await tenant.Http.PostAsJsonAsync("/v1/skills", new { slug = "s", name = "Skill", type, category = "api" });
            Assert.That((await answer.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/type", "skill_type_not_available") }));
        }

        using var shadow = await tenant.Http.PostAsJsonAsync("/v1/skills", new { slug = "transform", name = "Mine", type = "transform", category = "utility" });
        using var tagged = await tenant.Http.PostAsJsonAsync("/v1/skills", new { slug = "s", name = "Skill", type = "transform", category = "utility", tags = new[] { "none" } });
        await shadow.Problem(409, "slug_taken");
        Assert.That((await tagged.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/tags/0", "unknown_tag") }));
        using var absent = await tenant.Http.GetAsync("/v1/skills/s");
        await absent.Problem(404, "skill_not_found");
    }

    [Test]
    public async Task Refuses_a_version_whose_schemas_are_none_or_whose_number_is_not_higher()
    {
        var tenant = await TestApp.NewTenant();
        await Register(tenant.Http);
        using var broken = await tenant.Http.PostAsJsonAsync("/v1/skills/slack-post/versions", new { input_schema = new { type = "nonsense" }, spec = new { url = "x" }, language = "cobol" });
        using var coded = await tenant.Http.PostAsJsonAsync("/v1/skills/slack-post/versions", new { source_code = "1", language = "python", spec = new { network = new[] { "a.example" } } });
        using var lower = await tenant.Http.PostAsJsonAsync("/v1/skills/slack-post/versions", new { semantic_version = "0.9.0" });
        var faults = (await broken.Problem(422, "invalid")).Faults();
        Assert.That(faults, Is.SupersetOf(new[] { ("/spec/url", "unknown_field"), ("/language", "not_allowed") }));
        Assert.That((await coded.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/spec/network", "unknown_field"), ("/source_code", "not_allowed"), ("/language", "not_allowed") }));
        Assert.That(faults.Where(f => f.Pointer.StartsWith("/input_schema", StringComparison.Ordinal)).Select(f => f.Code), Has.All.EqualTo("invalid_schema").And.Not.Empty);
        await lower.Problem(409, "version_not_newer");
    }

    [Test]
    public async Task Checks_a_preset_http_call_as_one_with_the_node()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Post("/v1/skills", new { slug = "weather", name = "Weather", type = "http_request", category = "api" }, 201);
        using var computed = await tenant.Http.PostAsJsonAsync("/v1/skills/weather/versions", new { spec = new { with = new { url = "=input.url", headers = new { a = "{{b}}" } } } });
        Assert.That((await computed.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/spec/with/url", "not_literal"), ("/spec/with/headers/a", "not_literal") }));

        await tenant.Http.Post("/v1/skills/weather/versions", new { spec = new { with = new { url = "https://weather.example" } } }, 201);
        Assert.That(await Codes("""{ "query": { "city": "=input.city" } }"""), Is.Empty);
        Assert.That(await Codes("""{ "city": "Graz" }"""), Is.EqualTo(new[] { "with_invalid" }));

        async Task<string?[]> Codes(string with)
        {
            var graph = AgentSamples.Json($$"""{ "nodes": [{ "id": "a", "skill": "weather", "with": {{with}} }] }""");
            return [.. (await tenant.Http.Post("/v1/agents/validate", new { graph }, 200)).GetProperty("errors").EnumerateArray().Select(e => e.Text("code"))];
        }
    }

    static async Task Register(HttpClient http)
    {
        await http.Post("/v1/tags", new { slug = "chat", name = "Chat", color = "#00ff00" }, 201);
        await http.Post("/v1/skills", new { slug = "slack-post", name = "Posts to Slack", type = "transform", category = "integration", tags = new[] { "chat" } }, 201);
        await http.Post(
            "/v1/skills/slack-post/versions",
            new { semantic_version = "1.0.0", spec = new { }, input_schema = new { type = "object", properties = new { channel = new { type = "string" } }, required = new[] { "channel" } } },
            201);
    }
}
