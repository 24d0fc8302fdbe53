using System.Net.Http.Headers;
using System.Text.Json;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Agents;

/// <summary>Drafts of agents: kept while they are written, valid or not, and published.</summary>
[TestFixture]
public sealed class DraftTests
{
    const string Other = """{"nodes":[{"id":"echo","skill":"transform","with":{"said":"=input.other"}}]}""";

    [Test]
    public async Task A_draft_is_kept_as_it_is_though_it_is_not_valid()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await Runs.Agent(tenant.Http, Runs.Echo);
        const string broken = """{"nodes":[{"id":"a","skill":"no_such_skill","with":{"b":"=input."}}],"edges":[{"from":"a","to":"gone"}],"odd":true}""";

        var saved = await Save(tenant.Http, agent, broken, null, 200, """, "pinned": { "a": [1] }, "system_prompt": "Be kind." """);
        var read = await Get(tenant.Http, agent, 200);

        Assert.That(read.Body.GetProperty("graph").GetRawText(), Is.EqualTo(broken));
        Assert.That((read.Body.GetProperty("pinned").GetRawText(), read.Body.GetProperty("system_prompt").GetString()), Is.EqualTo(("""{"a":[1]}""", "Be kind.")));
        Assert.That(read.Tag, Is.EqualTo(saved.Tag).And.Not.Null);
        Assert.That(await tenant.AuditActions(), Has.One.EqualTo("agent.draft_begun"));
    }

    [Test]
    public async Task Of_two_editors_the_second_is_told_instead_of_overwriting_the_first()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await Runs.Agent(tenant.Http, Runs.Echo);
        var colleague = await tenant.Member("developer");

        var first = await Save(tenant.Http, agent, Runs.Echo, null, 200);
        await Save(colleague.Http, agent, Other, null, 412);
        var second = await Save(colleague.Http, agent, Other, first.Tag, 200);
        await Save(tenant.Http, agent, Runs.Echo, first.Tag, 412);
        Assert.That((await Get(tenant.Http, agent, 200)).Body.GetProperty("graph").GetRawText(), Is.EqualTo(Other));

        var over = await Save(tenant.Http, agent, Runs.Echo, "*", 200);
        Assert.That(over.Tag, Is.Not.EqualTo(second.Tag));
    }

    [Test]
    public async Task A_published_draft_is_the_next_version_and_gone()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await Runs.Agent(tenant.Http, Runs.Echo);
        var draft = await Save(tenant.Http, agent, Other, null, 200);

        await Send(tenant.Http, HttpMethod.Post, $"/v1/agents/{agent}/draft/publish", """{ "changelog": "Another." }""", "\"1\"", 412);
        var version = (await Send(tenant.Http, HttpMethod.Post, $"/v1/agents/{agent}/draft/publish", """{ "changelog": "Another." }""", draft.Tag, 201)).Body;

        Assert.That((version.GetProperty("semantic_version").GetString(), version.GetProperty("graph").GetRawText()), Is.EqualTo(("1.1.0", Other)));
        await Get(tenant.Http, agent, 204);
        var run = await tenant.Http.Run(agent, """{ "input": { "other": "new" } }""");
        Assert.That(run.GetProperty("output").GetRawText(), Is.EqualTo("""{"said":"new"}"""));
    }

    [Test]
    public async Task A_draft_that_is_not_valid_is_not_published_and_stays()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await Runs.Agent(tenant.Http, Runs.Echo);
        await Save(tenant.Http, agent, """{ "nodes": [{ "id": "a", "skill": "no_such_skill" }] }""", null, 200);

        var refused = (await Send(tenant.Http, HttpMethod.Post, $"/v1/agents/{agent}/draft/publish", "{}", null, 422)).Body;

        Assert.That(refused.GetProperty("errors")[0].GetProperty("pointer").GetString(), Is.EqualTo("/graph/nodes/0/skill"));
        await Get(tenant.Http, agent, 200);
    }

    [Test]
    public async Task A_discarded_draft_is_gone_and_another_tenant_never_saw_it()
    {
        var (tenant, stranger) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        var agent = await Runs.Agent(tenant.Http, Runs.Echo);
        await Save(tenant.Http, agent, Other, null, 200);

        await Get(stranger.Http, agent, 404);
        await Save(stranger.Http, agent, Other, "*", 404);
        await Send(stranger.Http, HttpMethod.Delete, $"/v1/agents/{agent}/draft", null, null, 404);
        await Send(tenant.Http, HttpMethod.Delete, $"/v1/agents/{agent}/draft", null, null, 204);

        await Get(tenant.Http, agent, 204);
        Assert.That(await tenant.AuditActions(), Has.One.EqualTo("agent.draft_discarded"));
    }

    static Task<(JsonElement Body, string? Tag)> Get(HttpClient http, string agent, int expected) => Send(http, HttpMethod.Get, $"/v1/agents/{agent}/draft", null, null, expected);

    static Task<(JsonElement Body, string? Tag)> Save(HttpClient http, string agent, string graph, string? ifMatch, int expected, string more = "") =>
        Send(http, HttpMethod.Put, $"/v1/agents/{agent}/draft", $$"""{ "graph": {{graph}}{{more}} }""", ifMatch, expected);

    static async Task<(JsonElement Body, string? Tag)> Send(HttpClient http, HttpMethod method, string path, string? body, string? ifMatch, int expected)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Runs.Json(body) };
        if (ifMatch is not null)
        {
            request.Headers.IfMatch.Add(ifMatch == "*" ? EntityTagHeaderValue.Any : new EntityTagHeaderValue(ifMatch));
        }

        using var answer = await http.SendAsync(request);
        return (await answer.Json(expected), answer.Headers.ETag?.Tag);
    }
}
