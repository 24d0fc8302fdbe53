using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Infrastructure.Integrations.Mcp;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations.Mcp;

/// <summary>Servers that are there already: changed in parts, switched off, and what was called at them.</summary>
public sealed class McpServerChangesTests
{
    [Test]
    public async Task Of_a_server_single_members_are_changed_and_its_place_never()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await McpPeer.Start();
        var server = await tenant.Http.Register(peer.Url);
        var changed = await Patch(tenant.Http, $"/v1/mcp-servers/{server}", """{ "description": "Of the peer.", "metadata": { "team": 5 } }""");
        Assert.That((changed.GetProperty("name").GetString(), changed.GetProperty("description").GetString(), changed.GetProperty("metadata").GetProperty("team").GetInt32()), Is.EqualTo(("Peer", "Of the peer.", 5)));
        var cleared = await Patch(tenant.Http, $"/v1/mcp-servers/{server}", """{ "name": "Other", "description": null }""");
        Assert.That((cleared.GetProperty("name").GetString(), cleared.GetProperty("description").ValueKind), Is.EqualTo(("Other", JsonValueKind.Null)));
        foreach (var place in (string[])["""{ "url": "https://elsewhere.example/mcp" }""", """{ "transport": "sse" }""", """{ "status": "gone" }"""])
        {
            using var refused = await tenant.Http.PatchAsync($"/v1/mcp-servers/{server}", Runs.Json(place));
            await refused.Json(422);
        }
    }

    [Test]
    public async Task A_server_that_is_switched_off_is_not_called()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await McpPeer.Start();
        var server = await tenant.Http.Register(peer.Url);
        await tenant.Http.AcceptAll(server);
        foreach (var (path, body) in ((string, string)[])[("", """{ "status": "disabled" }"""), ("/config", """{ "enabled": false }""")])
        {
            await Patch(tenant.Http, $"/v1/mcp-servers/{server}{path}", body);
            using (var refused = await tenant.Http.CallTool(server, "echo", new { text = "a" }))
            {
                Assert.That((int)refused.StatusCode, Is.EqualTo(409), await refused.Content.ReadAsStringAsync());
            }

            await Patch(tenant.Http, $"/v1/mcp-servers/{server}{path}", body.Replace("disabled", "active", StringComparison.Ordinal).Replace("false", "true", StringComparison.Ordinal));
            Assert.That(await tenant.Http.Text(server, "echo", new { text = "again" }), Is.EqualTo("again"));
        }
    }

    [Test]
    public async Task Of_a_configuration_single_members_are_changed_and_secrets_stay_what_they_were()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await McpPeer.Start();
        peer.Say = (http, _) => string.Join(',', http.Request.Headers.Where(header => header.Key.StartsWith("X-", StringComparison.OrdinalIgnoreCase)).Select(header => $"{header.Key}={header.Value}").Order(StringComparer.Ordinal));
        var server = await tenant.Http.Register(peer.Url);
        await tenant.Http.Configure(server, new { headers = new Dictionary<string, string> { ["X-One"] = "first", ["X-Two"] = "second" }, limits = new { timeout_ms = 5000 } });
        await tenant.Http.AcceptAll(server);
        var view = await Patch(tenant.Http, $"/v1/mcp-servers/{server}/config", """{ "headers": { "x-two": null, "X-Three": "third" } }""");
        var config = view.GetProperty("config");
        Assert.That(config.GetProperty("headers").EnumerateArray().Select(name => name.GetString()), Is.EqualTo(["X-One", "X-Three"]));
        Assert.That(config.GetProperty("limits").GetProperty("timeout_ms").GetInt32(), Is.EqualTo(5000));
        Assert.That(view.GetRawText(), Does.Not.Contain("first").And.Not.Contain("third"));
        var said = await tenant.Http.Text(server, "echo", new { text = "a" });
        Assert.That(said, Does.Contain("X-One=").And.Contain("X-Three=").And.Not.Contain("X-Two"));
        using var refused = await tenant.Http.PatchAsync($"/v1/mcp-servers/{server}/config", Runs.Json("""{ "headers": { "Host": "elsewhere.example" } }"""));
        Assert.That((await refused.Json(422)).GetProperty("errors")[0].GetProperty("pointer").GetString(), Is.EqualTo("/headers/Host"));
    }

    [Test]
    public async Task What_was_called_is_listed_by_tool_status_and_run_a_page_at_a_time()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await McpPeer.Start();
        peer.Tools.Add(McpPeer.Tool("other", "Says it as well."));
        var server = await tenant.Http.Register(peer.Url);
        await tenant.Http.AcceptAll(server);
        foreach (var text in (string[])["one", "two", "three"])
        {
            await tenant.Http.Text(server, "echo", new { text });
        }

        await tenant.Http.Text(server, "other", new { text = "four" });
        var path = $"/v1/mcp-servers/{server}/executions";
        var first = await tenant.Http.GetFromJsonAsync<JsonElement>($"{path}?limit=3");
        var rest = await tenant.Http.GetFromJsonAsync<JsonElement>($"{path}?limit=3&cursor={Uri.EscapeDataString(first.GetProperty("next_cursor").GetString()!)}");
        Assert.That(Said(first).Concat(Said(rest)), Is.EqualTo(new[] { "four", "three", "two", "one" }));
        Assert.That(Said(await tenant.Http.GetFromJsonAsync<JsonElement>($"{path}?tool=other&status=succeeded")), Is.EqualTo(new[] { "four" }));
        Assert.That(Said(await tenant.Http.GetFromJsonAsync<JsonElement>($"{path}?status=failed")), Is.Empty);
        Assert.That(Said(await tenant.Http.GetFromJsonAsync<JsonElement>($"{path}?run={Guid.CreateVersion7()}")), Is.Empty);
        using var unknown = await tenant.Http.GetAsync($"{path}?status=lost");
        await unknown.Json(422);
    }

    [Test]
    public async Task An_operators_file_makes_servers_that_every_tenant_sees_and_none_changes()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await McpPeer.Start();
        var slug = $"p-{Guid.CreateVersion7():n}";
        Assert.That(await Apply($"servers: [{{ slug: {slug}, name: Ours, url: '{peer.Url}' }}]"), Is.EqualTo((1, (string?)null)));
        Assert.That(await Apply($"servers: [{{ slug: {slug}, name: Renamed, url: '{peer.Url}', category: files }}]"), Is.EqualTo((1, (string?)null)));
        var seen = await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/mcp-servers/{slug}");
        Assert.That((seen.GetProperty("name").GetString(), seen.GetProperty("is_platform").GetBoolean()), Is.EqualTo(("Renamed", true)));
        await tenant.Http.AcceptAll(slug);
        Assert.That(await tenant.Http.Text(slug, "echo", new { text = "ours" }), Is.EqualTo("ours"));

        using (var refused = await tenant.Http.PatchAsync($"/v1/mcp-servers/{slug}", Runs.Json("""{ "name": "Mine" }""")))
        {
            await refused.Problem(403, "platform_mcp_server");
        }

        Assert.That((await Apply($"servers: [{{ slug: {slug}, name: Moved, url: 'https://elsewhere.example/mcp' }}]")).Refusal, Does.Contain(slug));
        Assert.That((await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/mcp-servers/{slug}")).GetProperty("name").GetString(), Is.EqualTo("Renamed"));

        async Task<(int Servers, string? Refusal)> Apply(string yaml)
        {
            Assert.That(McpServerFile.TryRead(yaml, out var file, out var problem), problem);
            return await file!.Apply(tenant.App.Database.Owner, TimeProvider.System, CancellationToken.None);
        }
    }

    [TestCase("servers: []")]
    [TestCase("servers: [{ slug: a, name: A }]")]
    [TestCase("servers: [{ slug: a, name: A, transport: stdio, url: 'https://a.example/' }]")]
    [TestCase("servers: [{ slug: a, name: A, url: 'file:///etc/passwd' }]")]
    [TestCase("servers: [{ slug: a, name: A, url: 'https://a.example/', command: /bin/sh }]")]
    public void A_file_that_is_wrong_says_where(string yaml)
    {
        Assert.That(McpServerFile.TryRead(yaml, out _, out var problem), Is.False);
        Assert.That(problem, Does.StartWith("/servers"));
    }

    static IEnumerable<string?> Said(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("input").GetProperty("text").GetString());

    static async Task<JsonElement> Patch(HttpClient http, string path, string body)
    {
        using var answer = await http.PatchAsync(path, Runs.Json(body));
        return await answer.Json(200);
    }
}
