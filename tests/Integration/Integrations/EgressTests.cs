using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Integrations.Mcp;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Integration.Integrations;

/// <summary>The guard as the program wires it, with the real resolver and real connections: only 127.0.0.2 is opened, and what listens at 127.0.0.1 hears nothing. Every spelling
/// by every way is tried at the guard itself (Unit, EgressProofTests); here it is shown that everybody goes through it.</summary>
public sealed class EgressTests
{
    static readonly string[] Spellings =
    [
        "http://127.0.0.1:{p}/", "http://localhost:{p}/", "http://LOCALHOST.:{p}/", "http://127.1:{p}/", "http://2130706433:{p}/", "http://0x7f000001:{p}/", "http://0177.0.0.1:{p}/", "http://0.0.0.0:{p}/", "http://[::ffff:127.0.0.1]:{p}/",
        "http://[::1]:{p}/", "http://user@127.0.0.1:{p}/", "http://127.0.0.2:{p}@127.0.0.1:{p}/", "http://127.0.0.1:{p}#@127.0.0.2/", "http://127.0.0.1:{p}\\@127.0.0.2/", "http://１２７.０.０.１:{p}/", "http://%31%32%37.0.0.1:{p}/", "//127.0.0.1:{p}/",
        "gopher://127.0.0.1:{p}/",
    ];

    [Test]
    public async Task Nobody_reaches_what_is_not_opened()
    {
        using var sentinel = new TcpListener(IPAddress.Loopback, 0);
        sentinel.Start();
        var location = "";
        string? challenge = null;
        var redirected = 0;
        await using var front = await Front(http =>
        {
            Interlocked.Increment(ref redirected);
            http.Response.StatusCode = challenge is null ? 302 : 401;
            http.Response.Headers.Location = location;
            http.Response.Headers.WWWAuthenticate = challenge;
        });
        await using var app = await TestApp.Start(new Dictionary<string, string?> { ["Egress:Allow"] = "127.0.0.2/32" });
        var tenant = await app.Tenant();
        var place = front.Urls.Single();
        var credential = (await tenant.Http.Credential(new { name = "crm", secret = new { api_key = Credentials.Random() }, allowed_hosts = new[] { "127.0.0.1", "127.0.0.2", "localhost" } })).GetProperty("id").GetString();
        var agent = await tenant.Http.Agent("""{ "nodes": [{ "id": "call", "skill": "http_request", "on_error": "continue", "with": { "url": "=input.url" } }], "output": { "error": "=call.error.code" } }""");
        var server = await tenant.Http.Register(place);

        foreach (var spelling in Spellings)
        {
            var url = spelling.Replace("{p}", ((IPEndPoint)sentinel.LocalEndpoint).Port.ToString(provider: null), StringComparison.Ordinal);
            // A header's value is ASCII.
            location = url.All(char.IsAscii) ? url : "http://127.0.0.1/";
            await tenant.Http.Run(agent, $$"""{ "input": { "url": {{JsonSerializer.Serialize(url)}} } }""");
            await tenant.Http.Run(agent, $$"""{ "input": { "url": "{{place}}/" } }""");
            foreach (var target in new[] { url, place })
            {
                using var tested = await tenant.Http.PostAsJsonAsync($"/v1/credentials/{credential}/test", new { url = target });
            }

            // A name says nothing of where it leads: such a server is registered, and refused when it is called.
            var other = $"s-{Guid.CreateVersion7():n}";
            using var made = await tenant.Http.PostAsJsonAsync("/v1/mcp-servers", new { slug = other, name = "Peer", transport = "http", url });
            foreach (var called in made.IsSuccessStatusCode ? new[] { server, other } : [server])
            {
                using var refreshed = await tenant.Http.PostAsync($"/v1/mcp-servers/{called}/refresh", null);
            }
        }

        var closed = $"http://127.0.0.1:{((IPEndPoint)sentinel.LocalEndpoint).Port}";
        foreach (var (vendor, node) in new[]
        {
            ("openai", "\"skill\": \"llm\", \"with\": { \"model\": \"openai/gpt-6-luna\", \"prompt\": \"Hello\" }"),
            ("anthropic", "\"skill\": \"llm\", \"with\": { \"model\": \"anthropic/claude-haiku\", \"prompt\": \"Hello\" }"),
            ("stability", "\"skill\": \"image\", \"with\": { \"model\": \"stability/core\", \"prompt\": \"A house.\" }"),
            ("elevenlabs", "\"skill\": \"speech\", \"with\": { \"model\": \"elevenlabs/flash-v2.5\", \"text\": \"Hello\" }"),
        })
        {
            await VendorWorld.AddKey(tenant, vendor, closed);
            await IsRefused(tenant, node);
        }

        // Where a token would be renewed.
        using var integration = await tenant.Http.PostAsJsonAsync("/v1/integrations", new
        {
            slug = "closed",
            name = "Closed",
            auth_type = "oauth2",
            spec = new { hosts = new[] { new Uri(place).Authority }, oauth = new { authorize_url = place, token_url = closed } },
        });
        await integration.Json(201);
        await tenant.Http.Credential(new { name = "closed", integration = "closed", secret = new { client_id = "us", access_token = Credentials.Random(), refresh_token = Credentials.Random() } });
        await Sql.Execute(Sql.ForTenant(app.Database.Owner, tenant.Id), "update integrations.credentials set token_expires_at = now() - interval '1 minute' where tenant_id = $1 and name = 'closed'", tenant.Id);
        await IsRefused(tenant, $"\"skill\": \"http_request\", \"credential\": \"closed\", \"with\": {{ \"url\": \"{place}\" }}", "credential_unavailable");

        // Where a server says that its metadata, or its authorization server, is.
        challenge = $"Bearer resource_metadata=\"{closed}/.well-known/oauth-protected-resource\"";
        using var connected = await tenant.Http.PostAsJsonAsync($"/v1/mcp-servers/{server}/connect", new { client_id = "us" });
        await connected.Problem(409, "address_not_allowed");

        Assert.That(sentinel.Pending(), Is.False);
        Assert.That(redirected, Is.GreaterThanOrEqualTo(3 * Spellings.Length), "each of them does go where it may");
    }

    static async Task IsRefused(TestTenant tenant, string node, string? code = null)
    {
        var error = (await tenant.Http.RunOnce($$"""{ "nodes": [{ "id": "call", {{node}} }] }""")).GetProperty("error");
        Assert.That(error.GetProperty(code is null ? "class" : "code").GetString(), Is.EqualTo(code ?? "egress"), error.GetRawText());
    }

    static async Task<WebApplication> Front(Action<HttpContext> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.2:0");
        var app = builder.Build();
        app.Run(http =>
        {
            answer(http);
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return app;
    }
}
