using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations.Mcp;

/// <summary>What a server says of how it lets people in is a stranger's word. That good words lead to a consent is for the conformance suite to say.</summary>
public sealed class McpConnectTests
{
    [TestCase("""{ "resource": "https://elsewhere.example/mcp", "authorization_servers": ["{here}"] }""", "{}", "mcp_not_discovered")]
    [TestCase("""{ "resource": "{here}/mcp", "authorization_servers": [] }""", "{}", "mcp_not_discovered")]
    [TestCase("""{ "resource": "{here}/mcp", "authorization_servers": ["{here}"] }""", """{ "issuer": "https://elsewhere.example" }""", "mcp_not_discovered")]
    [TestCase("""{ "resource": "{here}/mcp", "authorization_servers": ["{here}"] }""", """{ "code_challenge_methods_supported": ["plain"] }""", "mcp_not_discovered")]
    [TestCase("""{ "resource": "{here}/mcp", "authorization_servers": ["{here}"] }""", """{ "token_endpoint": "javascript:alert(1)" }""", "mcp_not_discovered")]
    [TestCase("""{ "resource": "{here}/mcp", "authorization_servers": ["{here}"] }""", """{ "registration_endpoint": null }""", "mcp_client_needed")]
    [TestCase("""{ "resource": "{here}/mcp", "authorization_servers": ["http://10.0.0.1"] }""", "{}", "address_not_allowed")]
    public async Task Is_not_believed(string resource, string server, string code)
    {
        await using var stranger = await Stranger(resource, server);
        var tenant = await TestApp.NewTenant();
        var slug = await tenant.Http.Register($"{stranger.Url}/mcp");
        using var refused = await tenant.Http.PostAsJsonAsync($"/v1/mcp-servers/{slug}/connect", new { });
        await refused.Problem(409, code);
        Assert.That(await Sql.Scalar<long>(tenant.App.Database.Owner, "select count(*) from integrations.credentials where tenant_id = $1", tenant.Id), Is.Zero);
    }

    [Test]
    public async Task A_second_time_another_place_is_asked_for_the_same_credential()
    {
        var server = "{}";
        await using var stranger = await Stranger("""{ "resource": "{here}/mcp", "authorization_servers": ["{here}"], "scopes_supported": ["read"] }""", () => server);
        var tenant = await TestApp.NewTenant();
        var slug = await tenant.Http.Register($"{stranger.Url}/mcp");
        var first = await Connect(tenant, slug, new { });
        var same = await Connect(tenant, slug, new { scopes = new[] { "read", "write" } });
        server = """{ "token_endpoint": "{here}/another-token" }""";
        var another = await Connect(tenant, slug, new { client_id = "by-hand", client_secret = Credentials.Random() });

        var stored = JsonElement.Parse(await tenant.Http.GetStringAsync($"/v1/credentials/{first.GetProperty("credential").GetString()}"));
        Assert.Multiple(() =>
        {
            Assert.That(same.GetProperty("credential").GetString(), Is.EqualTo(first.GetProperty("credential").GetString()).And.EqualTo(another.GetProperty("credential").GetString()));
            Assert.That(same.GetProperty("integration").GetString(), Is.EqualTo(first.GetProperty("integration").GetString()).And.Not.EqualTo(another.GetProperty("integration").GetString()));
            Assert.That(first.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()), Is.EqualTo(new[] { "read" }));
            Assert.That(stored.GetProperty("integration").GetString(), Is.EqualTo(another.GetProperty("integration").GetString()));
            Assert.That(stored.GetProperty("status").GetString(), Is.EqualTo("consent_needed"));
        });
        using var begun = await Browser(tenant).GetAsync(another.GetProperty("authorize_url").GetString());
        Assert.That(begun.Headers.Location!.Query, Does.Contain("client_id=by-hand").And.Contain($"resource={Uri.EscapeDataString($"{stranger.Url}/mcp")}"));
    }

    static async Task<JsonElement> Connect(TestTenant tenant, string server, object body)
    {
        using var answer = await tenant.Http.PostAsJsonAsync($"/v1/mcp-servers/{server}/connect", body);
        return await answer.Json(200);
    }

    static HttpClient Browser(TestTenant tenant) => new(new HttpClientHandler { CookieContainer = tenant.Owner.Cookies, AllowAutoRedirect = false }) { BaseAddress = tenant.App.Address };

    static Task<FakeVendor> Stranger(string resource, string server) => Stranger(resource, () => server);

    /// <summary>An MCP server and its authorization server in one, which says this of itself; of the latter what is given instead of what is right.</summary>
    static async Task<FakeVendor> Stranger(string resource, Func<string> server) => await FakeVendor.Start((_, http) =>
    {
        var here = $"http://{http.Request.Host}";
        string Here(string text) => text.Replace("{here}", here, StringComparison.Ordinal);
        switch (http.Request.Path.Value)
        {
            case "/.well-known/oauth-protected-resource/mcp":
                return FakeVendor.Say(http, Here(resource));
            case "/.well-known/oauth-authorization-server":
                var metadata = new Dictionary<string, object?>
                {
                    ["issuer"] = here,
                    ["authorization_endpoint"] = $"{here}/authorize",
                    ["token_endpoint"] = $"{here}/token",
                    ["registration_endpoint"] = $"{here}/register",
                    ["code_challenge_methods_supported"] = new[] { "S256" },
                };
                foreach (var member in JsonElement.Parse(Here(server())).EnumerateObject())
                {
                    metadata[member.Name] = member.Value;
                }

                return FakeVendor.Say(http, JsonSerializer.Serialize(metadata));
            case "/register":
                return FakeVendor.Say(http, """{ "client_id": "registered" }""", 201);
            default:
                http.Response.StatusCode = http.Request.Path == "/mcp" ? 401 : 404;
                return Task.CompletedTask;
        }
    });
}
