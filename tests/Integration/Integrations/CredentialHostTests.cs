using System.Collections.Concurrent;
using System.Net.Http.Json;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Integrations.Mcp;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations;

/// <summary>Everything that applies credentials, asked to apply one at a host that it was not given for.</summary>
public sealed class CredentialHostTests
{
    /// <summary>The forbidden place at <c>{b}</c> in the spellings that a comparison might take for the allowed one at <c>{a}</c>.</summary>
    static readonly string[] Spellings =
    [
        "http://127.0.0.1:{b}/call", "http://localhost:{b}/call", "http://LOCALHOST:{b}/call", "http://127.0.0.1:{b}/call?127.0.0.1:{a}", "http://127.0.0.1:{b}/call#@127.0.0.1:{a}", "http://127.0.0.1:{a}@127.0.0.1:{b}/call",
        "http://127.0.0.1:0{b}/call", "http://127.1:{b}/call",
    ];

    static readonly string[] Ways = ["call", "redirect", "connector", "test", "mcp"];

    [Test]
    public async Task In_forty_attempts_a_credential_never_reaches_a_host_that_it_was_not_given_for()
    {
        var tenant = await TestApp.NewTenant();
        var canary = Credentials.Random();
        var heard = new ConcurrentQueue<string>();
        await using var forbidden = await Peer.Start((_, http) =>
        {
            heard.Enqueue(http.Request.QueryString + string.Join('\n', http.Request.Headers.Select(header => $"{header.Key}: {header.Value}")));
            return Task.CompletedTask;
        });
        var to = "";
        var trusted = 0;
        await using var allowed = await Peer.Start((_, http) =>
        {
            trusted += http.Request.Headers["X-Canary"] == canary ? 1 : 0;
            http.Response.Redirect(to);
            return Task.CompletedTask;
        });
        using (var made = await tenant.Http.PostAsJsonAsync("/v1/integrations", new { slug = "ours", name = "Ours", auth_type = "api_key", spec = new { hosts = new[] { allowed.Host() }, header = "X-Canary" } }))
        {
            await made.Json(201);
        }

        var id = (await tenant.Http.Credential(new { name = "crm", integration = "ours", secret = new { api_key = canary } })).GetProperty("id").GetString()!;
        var answers = new List<string>();
        foreach (var (spelling, i) in Spellings.Select((spelling, i) => (spelling, i)))
        {
            var url = spelling.Replace("{a}", Port(allowed), StringComparison.Ordinal).Replace("{b}", Port(forbidden), StringComparison.Ordinal);
            to = url;
            foreach (var way in Ways)
            {
                answers.Add(await Try(tenant.Http, way, url, allowed.Url, id, $"op-{i}"));
            }
        }

        Assert.That(answers, Has.Count.EqualTo(40));
        Assert.That(heard.Where(line => line.Contains(canary, StringComparison.Ordinal)), Is.Empty);
        Assert.That(heard, Is.Not.Empty, "redirects arrive, without it");
        Assert.That(trusted, Is.EqualTo(Spellings.Length), "it does go where it may");
        Assert.That(answers.Where(answer => answer.Contains(canary, StringComparison.Ordinal)), Is.Empty);
    }

    static async Task<string> Try(HttpClient http, string way, string url, string allowed, string credential, string slug)
    {
        switch (way)
        {
            case "call":
                return (await http.RunOnce(Credentials.Calling(url, "crm", ", \"on_error\": \"continue\""))).GetRawText();
            case "redirect":
                return (await http.RunOnce(Credentials.Calling(allowed, "crm", ", \"on_error\": \"continue\""))).GetRawText();
            case "test":
                using (var answer = await http.PostAsJsonAsync($"/v1/credentials/{credential}/test", new { url }))
                {
                    return await answer.Content.ReadAsStringAsync();
                }

            case "mcp":
                return await Mcp(http, url);
            default:
                return await Connector(http, url, slug);
        }
    }

    /// <summary>A skill of the integration whose operation is elsewhere. Some of the addresses are refused when it is written.</summary>
    static async Task<string> Connector(HttpClient http, string url, string slug)
    {
        using (var skill = await http.PostAsJsonAsync("/v1/skills", new { slug, name = "Operation", type = "http_request", category = "integration" }))
        {
            await skill.Json(201);
        }

        using var version = await http.PostAsJsonAsync($"/v1/skills/{slug}/versions", new { spec = new { integration = "ours", operation = new { method = "GET", url } }, input_schema = new { type = "object" } });
        return version.IsSuccessStatusCode
            ? (await http.RunOnce($$"""{ "nodes": [{ "id": "call", "skill": "{{slug}}", "on_error": "continue" }], "output": { "call": "=call" } }""")).GetRawText()
            : await version.Content.ReadAsStringAsync();
    }

    static async Task<string> Mcp(HttpClient http, string url)
    {
        var slug = $"s-{Guid.CreateVersion7():n}";
        using var made = await http.PostAsJsonAsync("/v1/mcp-servers", new { slug, name = "Peer", transport = "http", url });
        if (!made.IsSuccessStatusCode)
        {
            return await made.Content.ReadAsStringAsync();
        }

        await http.Configure(slug, new { credential = "crm" });
        using var refreshed = await http.PostAsync($"/v1/mcp-servers/{slug}/refresh", null);
        return await refreshed.Content.ReadAsStringAsync();
    }

    static string Port(Peer peer) => new Uri(peer.Url).Port.ToString(provider: null);
}
