using System.Net.Http.Headers;
using System.Text.Json;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Shared;

/// <summary>Every endpoint × everybody who has no business there. The list of endpoints is the running program's own.</summary>
public sealed class EndpointMatrixTests
{
    [Test]
    public async Task Every_endpoint_has_its_row_and_every_row_its_endpoint() =>
        Assert.That(EndpointMatrixRows.All.Select(row => row.Key), Is.EquivalentTo((await Endpoints()).SelectMany(Keys)));

    [Test]
    public async Task Every_endpoint_has_a_name_a_summary_and_a_tag() =>
        Assert.That(
            (await Endpoints()).Where(e => !e.RoutePattern.RawText!.StartsWith("/openapi", StringComparison.Ordinal)).Where(e =>
                e.Metadata.GetMetadata<IEndpointNameMetadata>() is null || e.Metadata.GetMetadata<IEndpointSummaryMetadata>() is null || e.Metadata.GetMetadata<ITagsMetadata>() is null).SelectMany(Keys),
            Is.Empty);

    [TestCaseSource(nameof(Guarded))]
    public async Task Nobody_gets_in_without_credentials(EndpointMatrixRow row)
    {
        var world = await EndpointMatrixWorld.Shared();
        using var http = world.Mine.Tenant.App.Anonymous();
        await Refused(http, row, world.Mine, 401, "not_authenticated");
    }

    [TestCaseSource(nameof(Guarded))]
    public async Task A_revoked_key_opens_nothing(EndpointMatrixRow row)
    {
        var world = await EndpointMatrixWorld.Shared();
        using var http = world.Mine.Tenant.App.Anonymous();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", world.Mine.Revoked);
        await Refused(http, row, world.Mine, 401);
    }

    [TestCaseSource(nameof(Guarded))]
    public async Task An_ended_session_opens_nothing(EndpointMatrixRow row)
    {
        var world = await EndpointMatrixWorld.Shared();
        await Refused(await Ended.Value(), row, world.Mine, 401, "not_authenticated");
    }

    [TestCaseSource(nameof(Guarded))]
    public async Task A_cookie_without_the_CSRF_token_changes_nothing(EndpointMatrixRow row)
    {
        if (row.Method == "GET")
        {
            return;
        }

        var world = await EndpointMatrixWorld.Shared();
        using var handler = new HttpClientHandler { CookieContainer = world.Mine.Tenant.Owner.Cookies, AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = world.Mine.Tenant.App.Address };
        await Refused(http, row, world.Mine, 403, "csrf");
    }

    [TestCaseSource(nameof(NeedsPermission))]
    public async Task A_key_without_the_scope_is_refused(EndpointMatrixRow row)
    {
        var world = await EndpointMatrixWorld.Shared();
        await Refused(world.Mine.Key, row, world.Mine, 403, "forbidden");
    }

    [TestCaseSource(nameof(NotForViewers))]
    public async Task A_viewer_is_refused(EndpointMatrixRow row)
    {
        var world = await EndpointMatrixWorld.Shared();
        await Refused(world.Mine.Viewer.Http, row, world.Mine, 403, "forbidden");
    }

    /// <summary>
    /// The scope (and reading the same things, because a change answers with what it changed) opens this: the answer may be anything but a refusal
    /// of the caller. What such a key may not do is to hand out more than it has.
    /// </summary>
    [TestCaseSource(nameof(NeedsPermission))]
    public async Task The_scope_alone_is_enough(EndpointMatrixRow row)
    {
        var world = await EndpointMatrixWorld.Shared();
        using var http = await world.Mine.Tenant.ApiKey([.. new[] { row.Needs, row.Needs.Split(':')[0] + ":read" }.Distinct()]);
        using var request = row.Request(_ => Guid.CreateVersion7().ToString());
        // Headers are enough: an event stream has no end.
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (answer.StatusCode == System.Net.HttpStatusCode.Forbidden && row.Key is "POST /v1/invitations" or "POST /v1/api-keys")
        {
            await answer.Problem(403, "exceeds_own_permissions");
            return;
        }

        Assert.That((int)answer.StatusCode, Is.Not.AnyOf(401, 403).And.LessThan(500));
    }

    [TestCaseSource(nameof(Foreign))]
    public async Task Another_tenants_id_answers_exactly_like_an_unknown_one(EndpointMatrixRow row, string parameter)
    {
        var world = await EndpointMatrixWorld.Shared();
        var foreign = world.Theirs.Ids[row.NameOf(parameter)];
        var unknown = Guid.CreateVersion7().ToString();

        var (status, body) = await Ask(foreign);
        Assert.That((status, body), Is.EqualTo(await Ask(unknown)));
        Assert.That(status, Is.EqualTo(404), body);

        async Task<(int Status, string Body)> Ask(string id)
        {
            using var request = row.Request(name => name == parameter ? id : world.Mine.Ids[row.NameOf(name)]);
            using var answer = await world.Mine.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return ((int)answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Replace(id, "{id}"));
        }
    }

    [TestCase("GET", "/v1/runs?agent={agent}", null)]
    [TestCase("GET", "/v1/runs?trigger={trigger}", null)]
    [TestCase("GET", "/v1/runs/latest?agent_id={agent}", null)]
    [TestCase("GET", "/v1/triggers?agent={agent}", null)]
    [TestCase("GET", "/v1/audit-logs?actor={user_id}", null)]
    [TestCase("GET", "/v1/agents?uses_skill={skill}", null)]
    [TestCase("POST", "/v1/agents/my-agent/runs", """{"version":"{agent.version}"}""")]
    [TestCase("POST", "/v1/agents/my-agent/triggers", """{"name":"T","kind":"manual","version":"{agent.version}"}""")]
    [TestCase("PATCH", "/v1/triggers/{mine}", """{"version":"{agent.version}"}""")]
    [TestCase("POST", "/v1/agents", """{"slug":"of-others","name":"Of others","graph":{"nodes":[{"id":"a","skill":"{skill}"}]}}""")]
    [TestCase("POST", "/v1/credentials", """{"name":"Of others","secret":{"api_key":"k"},"allowed_hosts":["a.example"],"scope":"agent","agent":"{agent}"}""")]
    [TestCase("POST", "/v1/agents/validate", """{"graph":{"nodes":[{"id":"a","skill":"{skill}"}]}}""")]
    public async Task Another_tenants_id_in_query_or_body_answers_like_an_unknown_one(string method, string path, string? body)
    {
        var world = await EndpointMatrixWorld.Shared();
        var unknown = world.Theirs.Ids.ToDictionary(x => x.Key, _ => Guid.CreateVersion7().ToString());

        var asked = await Ask(world.Theirs.Ids);
        Assert.That(asked, Is.EqualTo(await Ask(unknown)));
        Assert.That(asked.Status, Is.AnyOf(200, 404, 422));

        async Task<(int Status, string Body)> Ask(IReadOnlyDictionary<string, string> ids)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), Fill(path.Replace("{mine}", world.Mine.Ids["trigger"])));
            request.Content = body is null ? null : new StringContent(Fill(body), System.Text.Encoding.UTF8, "application/json");
            using var answer = await world.Mine.Http.SendAsync(request);
            return ((int)answer.StatusCode, ids.Values.Where(id => Guid.TryParse(id, out _)).Aggregate(await answer.Content.ReadAsStringAsync(), (text, id) => text.Replace(id, "{id}")));
            string Fill(string text) => ids.Aggregate(text, (t, id) => t.Replace($"{{{id.Key}}}", id.Value));
        }
    }

    [TestCase("/v1/agents")]
    [TestCase("/v1/agents/{agent}/versions")]
    [TestCase("/v1/skills")]
    [TestCase("/v1/runs")]
    [TestCase("/v1/members")]
    [TestCase("/v1/invitations")]
    [TestCase("/v1/api-keys")]
    [TestCase("/v1/audit-logs")]
    [TestCase("/v1/teams")]
    [TestCase("/v1/approvals")]
    [TestCase("/v1/conversations")]
    [TestCase("/v1/interactions")]
    [TestCase("/v1/mcp-servers")]
    [TestCase("/v1/mcp-servers/{server}/tools")]
    [TestCase("/v1/credentials")]
    [TestCase("/v1/integrations")]
    public async Task Another_tenants_cursor_is_refused(string path)
    {
        var world = await EndpointMatrixWorld.Shared();
        using var first = await world.Theirs.Http.GetAsync(path.Replace("{agent}", world.Theirs.Ids["agent"]).Replace("{server}", world.Theirs.Ids["server"]) + "?limit=1");
        var page = await first.Json(200);
        Assert.That(page.GetProperty("next_cursor").ValueKind, Is.EqualTo(JsonValueKind.String), "the list must have a second page for this to say anything");

        using var stolen = await world.Mine.Http.GetAsync(path.Replace("{agent}", world.Mine.Ids["agent"]).Replace("{server}", world.Mine.Ids["server"]) + $"?limit=1&cursor={page.GetProperty("next_cursor").GetString()}");
        await stolen.Problem(400, "invalid_cursor");
    }

    [TestCaseSource(typeof(EndpointMatrixRows), nameof(EndpointMatrixRows.All))]
    public async Task A_method_that_an_address_does_not_know_is_a_405(EndpointMatrixRow row)
    {
        var world = await EndpointMatrixWorld.Shared();
        using var http = world.Mine.Tenant.App.Anonymous();
        using var request = new HttpRequestMessage(new HttpMethod("PROPFIND"), row.Path(_ => Guid.CreateVersion7().ToString()));
        using var answer = await http.SendAsync(request);
        await answer.Problem(405, "method_not_allowed");
        Assert.That(answer.Content.Headers.Allow, Does.Contain(row.Method));
    }

    static readonly Once<HttpClient> Ended = new(async () =>
    {
        var person = await (await EndpointMatrixWorld.Shared()).Mine.Tenant.Member("admin");
        var cookies = person.Cookies.GetCookieHeader(person.Http.BaseAddress!);
        using var left = await person.Http.PostAsync("/v1/logout", null);
        await left.Json(204);
        var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = person.Http.BaseAddress };
        http.DefaultRequestHeaders.Add("Cookie", cookies);
        http.DefaultRequestHeaders.Add("X-CSRF-Token", person.Http.DefaultRequestHeaders.GetValues("X-CSRF-Token"));
        return http;
    });

    static IEnumerable<EndpointMatrixRow> Guarded() => EndpointMatrixRows.All.Where(row => row.Needs != EndpointMatrixRow.Public);

    static IEnumerable<EndpointMatrixRow> NeedsPermission() => Guarded().Where(row => row.Needs != EndpointMatrixRow.SignedIn);

    static IEnumerable<EndpointMatrixRow> NotForViewers()
    {
        var viewer = new PermissionSet(["tenant:read", "members:read", "agents:read", "skills:read", "runs:read", "triggers:read", "mcp:read", "conversations:read"]);
        return NeedsPermission().Where(row => !viewer.Allows(row.Needs));
    }

    static IEnumerable<TestCaseData> Foreign() =>
        from row in Guarded()
        from parameter in row.Parameters
        select new TestCaseData(row, parameter);

    static async Task<IEnumerable<RouteEndpoint>> Endpoints() => (await TestApp.Shared()).Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    static IEnumerable<string> Keys(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}");

    static async Task Refused(HttpClient http, EndpointMatrixRow row, EndpointMatrixTenant tenant, int status, string? code = null)
    {
        using var request = row.Request(name => tenant.Ids[row.NameOf(name)]);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var problem = await answer.Json(status);
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        if (code is not null)
        {
            Assert.That(problem.GetProperty("code").GetString(), Is.EqualTo(code));
        }
    }
}
