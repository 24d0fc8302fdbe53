using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Execution.Mail;
using AgentPlatform.Integration.Integrations.Mcp;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Integration.Integrations;

/// <summary>Secrets that are not sent by plain HTTP calls: headers of MCP servers, passwords of mail servers, clients' secrets and tokens of OAuth. Each peer gives back what it was told.</summary>
static class OtherCanaries
{
    /// <summary>A secret with characters that each spelling writes in its own way.</summary>
    public static string New() => $"{Credentials.Random()}/+=\\\"&<";

    public static async Task<(IReadOnlyList<string> Canaries, IReadOnlyList<string> Answers)> Mcp(TestTenant tenant, ConcurrentQueue<string> heard)
    {
        var canary = New();
        await using var peer = await McpPeer.Start();
        peer.Say = (http, _) => $"You said {Heard(http.Request.Headers["X-Canary"].ToString())}.";
        peer.Instead = async (method, http, message) =>
        {
            if (method == "tools/list")
            {
                await McpPeer.Send(http, McpPeer.Result(message, new JsonObject { ["tools"] = new JsonArray(McpPeer.Tool("echo", $"Says {Heard(http.Request.Headers["X-Canary"].ToString())}.")) }));
            }

            return method == "tools/list";
        };
        var server = await tenant.Http.Register(peer.Url);
        var configured = await tenant.Http.Configure(server, new { headers = new Dictionary<string, string> { ["X-Canary"] = canary } });
        await tenant.Http.AcceptAll(server);
        var said = await tenant.Http.Text(server, "echo", new { text = "x" });
        Assert.That(said, Is.EqualTo("You said ***."));
        return ([canary], [configured.GetRawText(), said, await tenant.Http.GetStringAsync($"/v1/mcp-servers/{server}/tools"), await tenant.Http.GetStringAsync($"/v1/mcp-servers/{server}")]);

        string Heard(string sent)
        {
            heard.Enqueue(sent);
            return sent;
        }
    }

    public static async Task<(IReadOnlyList<string> Canaries, IReadOnlyList<string> Answers)> Mail(TestTenant tenant, ConcurrentQueue<string> heard)
    {
        var canary = New();
        SmtpPeer? peer = null;
        await using var mail = peer = new SmtpPeer
        {
            OffersStartTls = false,
            Instead = (_, command) =>
            {
                if (command != "AUTH")
                {
                    return null;
                }

                // Turned down in one way it asks for another, with nothing in it yet.
                if (peer!.Lines.Last().Split(' ') is not [_, _, var sent])
                {
                    return "535 5.7.8 no";
                }

                var told = Encoding.UTF8.GetString(Convert.FromBase64String(sent)).Split('\0')[^1];
                heard.Enqueue(told);
                return $"535 5.7.8 {told} is no password of ours, nor is {Convert.ToBase64String(Encoding.UTF8.GetBytes(told))}";
            },
        };
        await tenant.Http.Credential(new
        {
            name = "mail",
            integration = "smtp",
            secret = new { host = "127.0.0.1", port = $"{mail.Port}", encryption = "none", username = "robot@example.com", password = canary },
            allowed_hosts = new[] { $"127.0.0.1:{mail.Port}" },
        });
        var run = await tenant.Http.RunOnce("""{ "nodes": [{ "id": "send", "skill": "send_email", "credential": "mail", "with": { "to": "ann@example.com", "text": "Hi" } }] }""");
        Assert.That(run.GetProperty("status").GetString(), Is.EqualTo("failed"), run.GetRawText());
        return ([canary], [run.GetRawText(), string.Join('\n', (await tenant.Http.Steps(run.GetProperty("id").GetGuid())).Select(step => step.GetRawText()))]);
    }

    /// <summary>A token that has ended is renewed, once well and once not; the other side tells all that it was told.</summary>
    public static async Task<(IReadOnlyList<string> Canaries, IReadOnlyList<string> Answers)> Tokens(TestTenant tenant, ConcurrentQueue<string> heard)
    {
        var (client, first, refresh, second, next) = (New(), New(), New(), New(), New());
        await using var peer = await Peer.Start(async (number, http) =>
        {
            if (!http.Request.HasFormContentType)
            {
                heard.Enqueue(http.Request.Headers.Authorization.ToString());
                await http.Response.WriteAsync($"You said {http.Request.Headers.Authorization}.");
                return;
            }

            var form = await http.Request.ReadFormAsync();
            var told = string.Join(' ', form.Select(field => field.Value.ToString()));
            heard.Enqueue($"{told} {first} {second}");
            if (number == 1)
            {
                await http.Response.WriteAsJsonAsync(new { access_token = second, refresh_token = next, token_type = "Bearer", expires_in = 3600, told });
                return;
            }

            http.Response.StatusCode = 400;
            await http.Response.WriteAsJsonAsync(new { error = "invalid_grant", error_description = told });
        });
        using var made = await tenant.Http.PostAsJsonAsync("/v1/integrations", new
        {
            slug = "canaries",
            name = "Canaries",
            auth_type = "oauth2",
            spec = new { hosts = new[] { peer.Host() }, oauth = new { authorize_url = peer.Url, token_url = peer.Url } },
        });
        await made.Json(201);
        var stored = await tenant.Http.Credential(new
        {
            name = "canaries",
            integration = "canaries",
            secret = new { client_id = "us", client_secret = client, access_token = first, refresh_token = refresh },
        });
        var answers = new List<string> { stored.GetRawText() };
        var agent = await tenant.Http.Agent(Credentials.Calling(peer.Url, "canaries"));
        await End(tenant);
        answers.Add((await tenant.Http.Run(agent)).GetRawText());
        await End(tenant);
        await Eventually.Get(
            async () =>
            {
                // As long as the token is in memory it is used; then the run waits for a person.
                var run = await tenant.Http.Start(agent);
                var view = await Eventually.Get(() => tenant.Http.View(run), view => view.GetProperty("status").GetString() is "waiting" or "succeeded" or "failed");
                answers.Add(view.GetRawText());
                return view.GetProperty("status").GetString();
            },
            status => status == "waiting");
        return ([client, first, refresh, second, next], answers);
    }

    /// <summary>The access token's time is over.</summary>
    static async Task End(TestTenant tenant)
    {
        await Sql.Execute(Sql.ForTenant(tenant.App.Database.Owner, tenant.Id), "update integrations.credentials set token_expires_at = now() - interval '1 minute' where tenant_id = $1 and name = 'canaries'", tenant.Id);
        await Sql.Execute(tenant.App.Database.Owner, "select pg_notify('data_changed', $1)", $"credentials:{tenant.Id}:");
    }
}
