using System.Net.Http.Headers;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Agents;

public sealed class DefinitionTests
{
    const string Full =
        """
        slug: triage
        name: Triage of issues
        description: |
          Reads an issue,
          says where it belongs.
        tags: [github, triage]
        features: [analysis]
        limits: { timeout_ms: 5000 }
        semantic_version: 1.2.0
        changelog: "First: public"
        default_params: { threshold: 0.50, label: "yes" }
        input_schema: { type: object, required: [title] }
        graph:
          nodes:
            - id: classify
              skill: switch
              with: { cases: [{ name: bug, when: "contains(input.title, 'bug')" }], default: other }
            - { id: answer, skill: transform, with: { title: "=input.title", when: "2026-01-01" } }
          edges:
            - { from: classify, to: answer, case: bug }
          output: "=answer"
        skills:
          - { slug: http_request, priority: 3, enabled: true }
        """;

    [Test]
    public async Task Creates_the_agent_and_changes_nothing_when_applied_again()
    {
        var tenant = await TestApp.NewTenant();
        using var first = await Put(tenant.Http, "triage", Full);
        var created = await first.Json(201);
        using var second = await Put(tenant.Http, "triage", Full);
        var unchanged = await second.Json(200);
        Assert.Multiple(() =>
        {
            Assert.That(created.Text("outcome"), Is.EqualTo("created"));
            Assert.That(created.GetProperty("agent").Text("latest_version"), Is.EqualTo("1.2.0"));
            Assert.That(unchanged.Text("outcome"), Is.EqualTo("unchanged"));
            Assert.That(second.Headers.ETag, Is.EqualTo(first.Headers.ETag));
        });
        Assert.That((await tenant.Http.Get("/v1/agents/triage/skills")).Slugs(), Is.EqualTo(new[] { "http_request" }));
        Assert.That((await tenant.Http.Get("/v1/agents/triage/versions")).GetProperty("items").GetArrayLength(), Is.EqualTo(1));
    }

    [TestCase("application/yaml")]
    [TestCase("application/json")]
    public async Task Has_the_same_hash_after_export_and_import_into_another_tenant(string type)
    {
        var (one, two) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        using var put = await Put(one.Http, "triage", Full);
        var hash = (await put.Json(201)).Text("content_hash");
        var exported = await Export(one.Http, "triage", type);
        using var imported = await Put(two.Http, "triage", exported, type);
        var agent = await imported.Json(201);
        var again = await Export(two.Http, "triage", type);
        Assert.Multiple(() =>
        {
            Assert.That(agent.Text("content_hash"), Is.EqualTo(hash));
            Assert.That(again, Is.EqualTo(exported));
            Assert.That(exported.TrimStart()[0], Is.EqualTo(type == "application/json" ? '{' : 's'));
        });
        Assert.That((await two.Http.Get("/v1/agents/triage/versions/latest")).Text("content_hash"), Is.EqualTo(hash));
    }

    [Test]
    public async Task Makes_a_new_version_only_when_the_agent_does_something_else()
    {
        var tenant = await TestApp.NewTenant();
        using var first = await Put(tenant.Http, "triage", Full);
        await first.Json(201);
        using var renamed = await Put(tenant.Http, "triage", Full.Replace("Triage of issues", "Another name", StringComparison.Ordinal));
        var fields = await renamed.Json(200);
        using var changed = await Put(tenant.Http, "triage", Full.Replace("case: bug", "case: other", StringComparison.Ordinal));
        var version = await changed.Json(200);
        Assert.Multiple(() =>
        {
            Assert.That(fields.Text("outcome"), Is.EqualTo("updated"));
            Assert.That(fields.GetProperty("agent").Text("latest_version"), Is.EqualTo("1.2.0"));
            Assert.That(fields.GetProperty("agent").Text("name"), Is.EqualTo("Another name"));
            Assert.That(version.GetProperty("agent").Text("latest_version"), Is.EqualTo("1.3.0"));
        });
        Assert.That(await tenant.Http.Audited("agent.definition_applied"), Is.EqualTo(2));
    }

    [Test]
    public async Task Reads_the_flat_form()
    {
        var tenant = await TestApp.NewTenant();
        using var put = await Put(tenant.Http, "helper", "name: Helper\nversion: 1.0\nmodel: sandbox/echo\ntemperature: 0.2\nmax_tokens: 100\nsystem_prompt: Be kind.\ncapabilities: [chat]\n");
        await put.Json(201);
        var version = await tenant.Http.Get("/v1/agents/helper/versions/1.0.0");
        Assert.That(version.GetProperty("model").GetProperty("temperature").GetDouble(), Is.EqualTo(0.2));
    }

    [Test]
    public async Task Refuses_what_it_cannot_read_or_what_contradicts_the_address()
    {
        var tenant = await TestApp.NewTenant();
        using var text = await Put(tenant.Http, "a", "hello", "text/plain");
        using var yaml = await Put(tenant.Http, "a", "name: [");
        using var json = await Put(tenant.Http, "a", "{", "application/json");
        using var slug = await Put(tenant.Http, "a", Full);
        using var kind = await tenant.Http.PutAsync("/v1/workflows/a/definition", AgentSamples.Body("name: Helper\nkind: agent\nmodel: sandbox/echo", "application/yaml"));
        using var skill = await Put(tenant.Http, "triage", Full.Replace("slug: http_request", "slug: nothing", StringComparison.Ordinal).Replace("case: bug", "case: none", StringComparison.Ordinal));
        using var unknown = await tenant.Http.PutAsync($"/v1/agents/{Guid.CreateVersion7()}/definition", AgentSamples.Body(Full, "application/yaml"));

        await text.Problem(415, "unsupported_media_type");
        Assert.That((int)yaml.StatusCode, Is.EqualTo(400));
        Assert.That((int)json.StatusCode, Is.EqualTo(400));
        Assert.That((await slug.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/slug", "slug_mismatch") }));
        Assert.That((await kind.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/kind", "kind_mismatch") }));
        Assert.That((await skill.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/skills/0/slug", "unknown_skill"), ("/graph/edges/0/case", "unknown_case") }));
        await unknown.Problem(404, "agent_not_found");
        Assert.That((await tenant.Http.Get("/v1/agents")).GetProperty("items").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Refuses_a_stale_copy()
    {
        var tenant = await TestApp.NewTenant();
        using var put = await Put(tenant.Http, "triage", Full);
        await put.Json(201);
        await tenant.Http.Post("/v1/agents/triage/deactivate", null, 200);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/agents/triage/definition") { Content = AgentSamples.Body(Full, "application/yaml") };
        request.Headers.IfMatch.Add(put.Headers.ETag!);
        using var stale = await tenant.Http.SendAsync(request);
        await stale.Problem(412, "stale");
    }

    static Task<HttpResponseMessage> Put(HttpClient http, string agent, string text, string type = "application/yaml") =>
        http.PutAsync($"/v1/agents/{agent}/definition", AgentSamples.Body(text, type));

    static async Task<string> Export(HttpClient http, string agent, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/agents/{agent}/definition");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        using var answer = await http.SendAsync(request);
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo(type));
        return await answer.Content.ReadAsStringAsync();
    }
}
