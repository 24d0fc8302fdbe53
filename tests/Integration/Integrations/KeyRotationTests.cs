using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using AgentPlatform.Infrastructure.Shared.Secrets;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Integration.Integrations;

[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class KeyRotationTests
{
    readonly string keys = Directory.CreateTempSubdirectory("agentplatform-rotation-").FullName;

    [OneTimeTearDown]
    public void Forget() => Directory.Delete(keys, recursive: true);

    [Test]
    public async Task Everything_stays_readable_while_the_key_changes_and_when_the_old_one_is_gone()
    {
        var (old, anew) = (NewKey("old"), NewKey("new"));
        await using var before = await TestApp.Start(Keys(old, anew));
        var tenant = await before.Tenant();
        await using var peer = await Peer.Counting();
        // More than one batch holds.
        await Task.WhenAll(Enumerable.Range(0, 205).Select(i =>
            tenant.Http.Credential(new { name = $"crm-{i}", secret = new { api_key = $"value-{i}" }, allowed_hosts = new[] { peer.Host() } })));
        var agent = await tenant.Http.Agent(Credentials.Calling(peer.Url, "crm-204"));
        var hook = await Hook.Of(tenant);
        using var program = await tenant.ApiKey("agents:*", "runs:*", "credentials:*");

        await using (var rotating = await TestApp.Start(Keys(anew, old), on: before.Database))
        {
            var stop = new CancellationTokenSource();
            var reading = Read(tenant.Http, agent, stop.Token);
            var rotated = await rotating.Services.GetRequiredService<KeyRotation>().Run(CancellationToken.None);
            await stop.CancelAsync();

            Assert.That(await reading, Is.All.EqualTo("succeeded"), "what is read meanwhile, by a node for which the old key is the current one");
            Assert.That(rotated, Is.EquivalentTo(new[] { new RotatedRows("credentials", 205, 0), new RotatedRows("webhook secrets", 1, 0) }));
            var again = await rotating.Services.GetRequiredService<KeyRotation>().Run(CancellationToken.None);
            Assert.That(again.Sum(rows => rows.Done + rows.Failed), Is.Zero, "there is nothing left to do");
        }

        await using var after = await TestApp.Start(Keys(anew), on: before.Database);
        using var http = new HttpClient { BaseAddress = after.Address };
        http.DefaultRequestHeaders.Authorization = program.DefaultRequestHeaders.Authorization;
        Assert.That((await http.Run(agent)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        await hook.Fire(after);
    }

    [Test]
    public async Task A_rotation_leaves_alone_what_it_cannot_open_and_says_so()
    {
        await using var before = await TestApp.Start(Keys(NewKey("lost")));
        var tenant = await before.Tenant();
        await tenant.Http.Credential(new { name = "crm", secret = new { api_key = "k" }, allowed_hosts = new[] { "a.example" } });

        await using var after = await TestApp.Start(Keys(NewKey("other")), on: before.Database);
        var rotated = await after.Services.GetRequiredService<KeyRotation>().Run(CancellationToken.None);

        Assert.That(rotated, Has.Member(new RotatedRows("credentials", 0, 1)));
    }

    [Test]
    public async Task A_key_service_holds_the_key_and_its_outage_loses_nothing()
    {
        var service = await KeyService.Start();
        var token = Path.Combine(keys, "token");
        await File.WriteAllTextAsync(token, "t0ken\n");
        await using var app = await TestApp.Start(new Dictionary<string, string?>
        {
            ["Encryption:KeyService:Url"] = service.Url,
            ["Encryption:KeyService:Key"] = "agentplatform",
            ["Encryption:KeyService:TokenFile"] = token,
        });
        var tenant = await app.Tenant();
        await using var peer = await Peer.Counting();
        var hosts = new[] { peer.Host() };
        await tenant.Http.Credential(new { name = "crm", secret = new { api_key = "k" }, allowed_hosts = hosts });
        Assert.That(await Sql.Column(app.Database.Owner, "select key_id from integrations.credentials"), Is.EqualTo(["service:agentplatform"]));
        var agent = await tenant.Http.Agent(Credentials.Calling(peer.Url, "crm"));
        Assert.That((await tenant.Http.Run(agent)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));

        await service.DisposeAsync();
        await Sql.Execute(app.Database.Owner, $"select pg_notify('data_changed', 'credentials:{tenant.Id}:')");
        var run = await Eventually.Get(() => tenant.Http.Run(agent), run => run.GetProperty("status").GetString() == "failed");
        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("credential_unavailable"));
        Assert.That(run.GetProperty("error").GetProperty("retryable").GetBoolean());
        using var refused = await tenant.Http.PostAsJsonAsync("/v1/credentials", new { name = "another", secret = new { api_key = "k" }, allowed_hosts = hosts });
        await refused.Problem(503, "keys_unavailable");
    }

    string NewKey(string name)
    {
        var path = Path.Combine(keys, $"{name}-{Guid.CreateVersion7():n}.key");
        MasterKey.LoadOrCreate(path);
        return path;
    }

    static Dictionary<string, string?> Keys(string current, string? other = null) => new() { ["Encryption:KeyFile"] = current, ["Encryption:OtherKeyFiles"] = other };

    static async Task<List<string?>> Read(HttpClient http, string agent, CancellationToken stop)
    {
        var statuses = new List<string?>();
        while (!stop.IsCancellationRequested || statuses.Count == 0)
        {
            statuses.Add((await http.Run(agent)).GetProperty("status").GetString());
        }

        return statuses;
    }
}

/// <summary>Speaks as a transit engine does; its key never leaves it.</summary>
sealed class KeyService : IAsyncDisposable
{
    readonly WebApplication app;
    readonly byte[] key = RandomNumberGenerator.GetBytes(32);

    KeyService(WebApplication app) => this.app = app;

    public string Url => $"{app.Urls.First()}/v1/transit";

    public static async Task<KeyService> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var service = new KeyService(builder.Build());
        service.app.MapPost("/v1/transit/{verb}/agentplatform", service.Answer);
        await service.app.StartAsync();
        return service;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task Answer(string verb, HttpContext http)
    {
        var body = (await http.Request.ReadFromJsonAsync<JsonElement>());
        var context = body.GetProperty("associated_data").GetBytesFromBase64();
        using var cipher = new AesGcm(key, 16);
        if (http.Request.Headers["X-Vault-Token"] != "t0ken")
        {
            http.Response.StatusCode = 403;
        }
        else if (verb == "encrypt")
        {
            var plain = body.GetProperty("plaintext").GetBytesFromBase64();
            var box = new byte[12 + plain.Length + 16];
            RandomNumberGenerator.Fill(box.AsSpan(0, 12));
            cipher.Encrypt(box.AsSpan(0, 12), plain, box.AsSpan(12, plain.Length), box.AsSpan(box.Length - 16), context);
            await http.Response.WriteAsJsonAsync(new { data = new { ciphertext = $"vault:v1:{Convert.ToBase64String(box)}" } });
        }
        else
        {
            var box = Convert.FromBase64String(body.GetProperty("ciphertext").GetString()![9..]);
            var plain = new byte[box.Length - 28];
            cipher.Decrypt(box.AsSpan(0, 12), box.AsSpan(12, plain.Length), box.AsSpan(box.Length - 16), plain, context);
            await http.Response.WriteAsJsonAsync(new { data = new { plaintext = Convert.ToBase64String(plain) } });
        }
    }
}
