using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Integration.Integrations;

/// <summary>Others that answer one byte after the other, always just in time for the next: they are waited for as long as the step says, and not longer.</summary>
public sealed class DripTests
{
    const string Timeout = "500ms";

    [TestCase("openai", "llm", """{ "model": "openai/gpt-6-luna", "prompt": "Hello" }""")]
    [TestCase("anthropic", "llm", """{ "model": "anthropic/claude-haiku", "prompt": "Hello" }""")]
    [TestCase("replicate", "llm", """{ "model": "replicate/meta/llama", "prompt": "Hello" }""")]
    [TestCase("stability", "image", """{ "model": "stability/core", "prompt": "A red house." }""")]
    [TestCase("elevenlabs", "speech", """{ "model": "elevenlabs/flash-v2.5", "text": "Good morning." }""")]
    public async Task A_vendor(string vendor, string skill, string with)
    {
        await using var peer = await FakeVendor.Start((_, http) => Drip(http, "application/json"));
        var tenant = await VendorWorld.Tenant(peer, vendor);
        await IsLate(tenant, $$"""{ "id": "call", "skill": "{{skill}}", "timeout": "{{Timeout}}", "with": {{with}} }""");
        await peer.HungUp.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [TestCase("openai/gpt-6-luna")]
    [TestCase("anthropic/claude-haiku")]
    public async Task A_vendor_whose_stream_never_says_anything(string model)
    {
        await using var peer = await FakeVendor.Start((_, http) => Drip(http, "text/event-stream"));
        var tenant = await VendorWorld.Tenant(peer, model.Split('/')[0]);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        Assert.That(async () => await VendorWorld.Ask(tenant, [model], onText: _ => { }, ct: patience.Token), Throws.InstanceOf<OperationCanceledException>());
        await peer.HungUp.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task A_mail_server()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Trickle(listener);
        var tenant = await TestApp.NewTenant();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await tenant.Http.Credential(new
        {
            name = "mail",
            integration = "smtp",
            secret = new { username = "robot@example.com", password = Credentials.Random(), host = "127.0.0.1", port = $"{port}", encryption = "none" },
            allowed_hosts = new[] { $"127.0.0.1:{port}" },
        });
        await IsLate(tenant, $$"""{ "id": "call", "skill": "send_email", "credential": "mail", "timeout": "{{Timeout}}", "with": { "to": "ann@example.com", "text": "Hi" } }""");
    }

    [Test]
    public async Task A_token_endpoint()
    {
        await using var peer = await FakeVendor.Start((_, http) => Drip(http, "application/json"));
        var tenant = await TestApp.NewTenant();
        using var made = await tenant.Http.PostAsJsonAsync("/v1/integrations", new
        {
            slug = "drip",
            name = "Drip",
            auth_type = "oauth2",
            spec = new { hosts = new[] { new Uri(peer.Url).Authority }, oauth = new { authorize_url = peer.Url, token_url = peer.Url } },
        });
        await made.Json(201);
        await tenant.Http.Credential(new { name = "drip", integration = "drip", secret = new { client_id = "us", access_token = Credentials.Random(), refresh_token = Credentials.Random() } });
        await Sql.Execute(Sql.ForTenant(tenant.App.Database.Owner, tenant.Id), "update integrations.credentials set token_expires_at = now() - interval '1 minute' where tenant_id = $1", tenant.Id);
        await IsLate(tenant, $$"""{ "id": "call", "skill": "http_request", "credential": "drip", "timeout": "{{Timeout}}", "with": { "url": "{{peer.Url}}" } }""");
        Assert.That(peer.Calls, Is.EqualTo(1), "the token endpoint was asked, nobody else");
    }

    static async Task IsLate(TestTenant tenant, string node)
    {
        var run = await Runs.RunOnce(tenant.Http, $$"""{ "nodes": [{{node}}] }""");
        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("timeout"), run.GetRawText());
    }

    static async Task Drip(HttpContext http, string type)
    {
        http.Response.ContentType = type;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await timer.WaitForNextTickAsync(http.RequestAborted))
        {
            await http.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(type == "text/event-stream" ? ":" : " "), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }

    /// <summary>A greeting whose first line has no end.</summary>
    static async Task Trickle(TcpListener listener)
    {
        try
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("220 "u8.ToArray());
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (await timer.WaitForNextTickAsync())
            {
                await client.GetStream().WriteAsync("m"u8.ToArray());
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Whoever called has hung up.
        }
    }
}
