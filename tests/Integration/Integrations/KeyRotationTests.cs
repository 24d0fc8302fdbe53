using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Infrastructure.Shared.Secrets;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Integrations.Mcp;
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
    const int Many = 10_000;

    readonly string keys = Directory.CreateTempSubdirectory("agentplatform-rotation-").FullName;

    [OneTimeTearDown]
    public void Forget() => Directory.Delete(keys, recursive: true);

    [Test]
    public async Task Everything_stays_readable_while_the_key_changes_and_when_the_old_one_is_gone()
    {
        var (old, anew) = (NewKey("old"), NewKey("new"));
        await using var before = await TestApp.Start(Keys(old, anew));
        var tenant = await before.Tenant();
        var heard = new ConcurrentQueue<string>();
        await using var peer = await Peer.Start((_, request) =>
        {
            heard.Enqueue(request.Request.Headers["X-Token"].ToString());
            return Task.CompletedTask;
        });
        await Seal(before, tenant, peer.Host(), Many);
        var agent = await tenant.Http.Agent(Credentials.Calling(peer.Url, $"crm-{Many - 1}"));
        await KeepAnAnswer(tenant, peer.Host());
        var hook = await Hook.Of(tenant);
        var server = await tenant.Http.Register(peer.Url);
        var token = Credentials.Random();
        await tenant.Http.Configure(server, new { headers = new Dictionary<string, string> { ["X-Token"] = token } });
        using var program = await tenant.ApiKey("agents:*", "runs:*", "credentials:*", "mcp:*");

        await using (var rotating = await TestApp.Start(Keys(anew, old), on: before.Database))
        {
            var hanging = await rotating.Services.GetRequiredService<KeyRotation>().Status(CancellationToken.None);
            Assert.That(hanging.Select(use => (use.Name, use.Left.Rows)), Is.EquivalentTo(new[] { ("credentials", Many + 1L), ("webhook secrets", 1L), ("MCP secrets", 1L), ("stored answers", 1L), ("consents under way", 1L) }));
            var stop = new CancellationTokenSource();
            var reading = Read(tenant.Http, agent, stop.Token);
            var opening = Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Open(before, tenant.Id, new Random(seed), stop.Token)));
            var rotated = await rotating.Services.GetRequiredService<KeyRotation>().Run(CancellationToken.None);
            await stop.CancelAsync();

            Assert.That(await reading, Is.All.EqualTo("succeeded"), "what is read meanwhile, by a node for which the old key is the current one");
            Assert.That((await opening).SelectMany(faults => faults), Is.Empty);
            Assert.That(rotated, Is.EquivalentTo(new[] { new RotatedRows("credentials", Many + 1, 0), new RotatedRows("webhook secrets", 1, 0), new RotatedRows("MCP secrets", 1, 0) }));
            var again = await rotating.Services.GetRequiredService<KeyRotation>().Run(CancellationToken.None);
            Assert.That(again.Sum(rows => rows.Done + rows.Failed), Is.Zero, "there is nothing left to do");

            var left = (await rotating.Services.GetRequiredService<KeyRotation>().Status(CancellationToken.None)).Where(use => use.Left.Rows > 0).ToDictionary(use => use.Name, use => use.Left);
            Assert.That(left.Keys, Is.EquivalentTo(new[] { "stored answers", "consents under way" }));
            Assert.That(left["stored answers"].Until, Is.EqualTo(TimeProvider.System.GetUtcNow().AddHours(24)).Within(TimeSpan.FromMinutes(10)));
            Assert.That(left["consents under way"].Until, Is.EqualTo(TimeProvider.System.GetUtcNow().AddMinutes(10)).Within(TimeSpan.FromMinutes(9)));
        }

        await using var after = await TestApp.Start(Keys(anew), on: before.Database);
        using var http = new HttpClient { BaseAddress = after.Address };
        http.DefaultRequestHeaders.Authorization = program.DefaultRequestHeaders.Authorization;
        Assert.That((await http.Run(agent)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        await hook.Fire(after);
        Assert.That(await Sql.Column(before.Database.Owner, "select distinct key_id from integrations.credentials"), Has.Count.EqualTo(1), "what hangs on the old key is lost");
        Assert.That(await Open(after, tenant.Id, Enumerable.Range(0, 200).Select(i => i * (Many / 200))), Is.Empty);
        using var refused = await http.PostAsync($"/v1/mcp-servers/{server}/refresh", null);
        Assert.That(heard, Does.Contain(token), "the server that speaks no MCP hears the header all the same");
    }

    /// <summary>Whoever seals something new is asked here what becomes of it when the key changes.</summary>
    [Test]
    public async Task Everything_that_is_sealed_is_sealed_anew_or_soon_gone()
    {
        var app = await TestApp.Shared();
        var stored = await Sql.Column(app.Database.Owner, """
            select table_schema || '.' || table_name || '.' || column_name from information_schema.columns c
            where data_type = 'bytea' and column_name !~ 'hash$'
              and exists (select from pg_class p join pg_namespace n on n.oid = p.relnamespace where n.nspname = c.table_schema and p.relname = c.table_name and p.relkind in ('r', 'p') and not p.relispartition)
              and table_schema not in ('pg_catalog', 'information_schema', 'quartz') order by 1
            """);
        Assert.That(stored, Is.EquivalentTo(new[]
        {
            // Sealed anew.
            "integrations.credentials.secret", "integrations.credentials.data_key", "integrations.mcp_server_configs.secrets", "execution.triggers.webhook_secret", "execution.triggers.previous_secret",
            // Gone after a day, after minutes.
            "execution.idempotency_keys.response", "integrations.oauth_flows.code_verifier",
            // Nobody writes it yet.
            "agents.agent_configs.secret",
            // Not sealed: the digest of what somebody tries to sign in as.
            "tenants.login_throttles.key",
        }));
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

    /// <summary>A request with a key, whose answer is kept, for a credential to which somebody is about to consent.</summary>
    static async Task KeepAnAnswer(TestTenant tenant, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/credentials") { Content = JsonContent.Create(new { name = "kept", secret = new { api_key = Credentials.Random() }, allowed_hosts = new[] { host } }) };
        request.Headers.Add("Idempotency-Key", "kept");
        using var answer = await tenant.Http.SendAsync(request);
        var credential = (await answer.Json(201)).GetProperty("id").GetGuid();
        var flow = Guid.CreateVersion7();
        await Sql.Execute(Sql.ForTenant(tenant.App.Database.Owner, tenant.Id), """
            insert into integrations.oauth_flows (tenant_id, id, credential_id, state_hash, browser_hash, code_verifier, redirect_uri, expires_at)
            values ($1, $2, $3, $4, $4, $5, 'https://here.example/v1/oauth/callback', now() + interval '10 minutes')
            """, tenant.Id, flow, credential, RandomNumberGenerator.GetBytes(32), tenant.App.Services.GetRequiredService<SecretBox>().Seal("verifier"u8, tenant.Id, "oauth_verifier", flow));
    }

    /// <summary>Stores as many credentials as no test would by hand.</summary>
    static async Task Seal(TestApp app, TestTenant tenant, string host, int count)
    {
        var envelope = app.Services.GetRequiredService<Envelope>();
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        var boxes = await Task.WhenAll(ids.Select((id, i) => envelope.Seal(Encoding.UTF8.GetBytes($$"""{"api_key":"value-{{i}}"}"""), tenant.Id, id, 1, CancellationToken.None).AsTask()));
        await Sql.Execute(Sql.ForTenant(app.Database.Owner, tenant.Id), """
            insert into integrations.credentials (tenant_id, id, name, scope, auth_type, allowed_hosts, secret, data_key, key_id, status)
            select $1, n.id, 'crm-' || (n.i - 1), 'tenant', 'api_key', array[$2], n.secret, n.data_key, n.key_id, 'active'
            from unnest($3, $4, $5, $6) with ordinality as n (id, secret, data_key, key_id, i)
            """, tenant.Id, host, ids, boxes.Select(box => box.Secret).ToArray(), boxes.Select(box => box.DataKey).ToArray(), boxes.Select(box => box.KeyId).ToArray());
    }

    /// <summary>Opens one after the other, whichever, until it is told to stop; answers what did not open.</summary>
    static async Task<List<string>> Open(TestApp app, Guid tenantId, Random random, CancellationToken stop)
    {
        var faults = new List<string>();
        while (!stop.IsCancellationRequested)
        {
            faults.AddRange(await Open(app, tenantId, [random.Next(Many)]));
        }

        return faults;
    }

    static async Task<List<string>> Open(TestApp app, Guid tenantId, IEnumerable<int> which)
    {
        var faults = new List<string>();
        foreach (var i in which)
        {
            var found = await app.Services.GetRequiredService<ICredentials>().Find(new CredentialQuery(tenantId, $"crm-{i}"), CancellationToken.None);
            if (found.Secret?.Value != $"value-{i}")
            {
                faults.Add($"crm-{i}: {found.Error}");
            }
        }

        return faults;
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
