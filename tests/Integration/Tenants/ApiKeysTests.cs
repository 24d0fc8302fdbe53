using System.Net.Http.Headers;
using System.Net.Http.Json;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class ApiKeysTests
{
    [Test]
    public async Task A_key_does_what_its_scopes_say_and_needs_no_csrf_token()
    {
        var tenant = await TestApp.NewTenant();
        using var key = await tenant.ApiKey("tenant:read");

        await (await key.GetAsync("/v1/tenant")).Json(200);
        await (await key.PatchAsJsonAsync("/v1/tenant", new { name = "No" })).Problem(403, "forbidden");
        await (await key.GetAsync("/v1/members")).Problem(403, "forbidden");
        await (await key.PostAsJsonAsync("/v1/me/password", new { current_password = "x", new_password = "another quiet staple" })).Problem(403, "session_required");
        using var writer = await tenant.ApiKey("tenant:write", "tenant:read");
        await (await writer.PatchAsJsonAsync("/v1/tenant", new { name = "Yes" })).Json(200);
    }

    [Test]
    public async Task A_key_shrinks_with_its_person()
    {
        var tenant = await TestApp.NewTenant();
        using var member = await tenant.Member("developer");
        var me = await (await member.Http.GetAsync("/v1/me")).Json(200);
        using var made = await member.Http.PostAsJsonAsync("/v1/api-keys", new { name = "k", scopes = new[] { "api_keys:read", "tenant:read" } });
        using var key = With(tenant, (await made.Json(201)).GetProperty("key").GetString()!);

        await (await tenant.Http.PatchAsJsonAsync($"/v1/members/{me.GetProperty("user").GetProperty("id").GetGuid()}", new { role = "viewer" })).Json(200);

        await (await key.GetAsync("/v1/tenant")).Json(200);
        await (await key.GetAsync("/v1/api-keys")).Problem(403, "forbidden");
    }

    [Test]
    public async Task A_revoked_key_stops_within_a_second()
    {
        var tenant = await TestApp.NewTenant();
        using var made = await tenant.Http.PostAsJsonAsync("/v1/api-keys", new { name = "k", scopes = new[] { "tenant:read" } });
        var body = await made.Json(201);
        using var key = With(tenant, body.GetProperty("key").GetString()!);
        await (await key.GetAsync("/v1/tenant")).Json(200);

        await (await tenant.Http.DeleteAsync($"/v1/api-keys/{body.GetProperty("id").GetGuid()}")).Json(204);

        Assert.That(async () => (int)(await key.GetAsync("/v1/tenant")).StatusCode, Is.EqualTo(401).After(1000).MilliSeconds.PollEvery(50));
    }

    [Test]
    public async Task An_expired_key_and_a_suspended_tenants_key_are_refused()
    {
        var tenant = await TestApp.NewTenant();
        using var expired = await NewKey(tenant);
        await Sql.Execute(tenant.App.Database.Owner, $"update tenants.api_keys set expires_at = now() where tenant_id = '{tenant.Id}'");
        await (await expired.GetAsync("/v1/tenant")).Problem(401, "invalid_api_key");

        using var suspended = await NewKey(tenant);
        await Sql.Execute(tenant.App.Database.Owner, $"update tenants.tenants set status = 'suspended' where id = '{tenant.Id}'");
        await (await suspended.GetAsync("/v1/tenant")).Problem(401, "invalid_api_key");
        await (await tenant.Http.GetAsync("/v1/tenant")).Problem(403, "forbidden");
    }

    [Test]
    public async Task Malformed_keys_are_refused_without_asking_the_database()
    {
        await using var app = await TestApp.Start();
        var real = TenantToken.Create(TenantToken.ApiKey, Guid.CreateVersion7()).Text;

        // A database that takes no connection: whoever asks it gets a 503, so a 401 was given without asking.
        var name = new Npgsql.NpgsqlConnectionStringBuilder(app.Database.App).Database;
        await Sql.Execute(await PostgresFixture.Admin(), $"alter database {name} with allow_connections false");
        await Sql.Execute(await PostgresFixture.Admin(), $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        foreach (var malformed in new[] { "ap_x", "nonsense", real[..^1] + (real[^1] == 'x' ? 'y' : 'x'), real.Replace("ap_", "inv_", StringComparison.Ordinal) })
        {
            using var http = app.Anonymous();
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", malformed);
            await (await http.GetAsync("/v1/me")).Problem(401, "invalid_api_key");
        }

        using var wellFormed = app.Anonymous();
        wellFormed.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", real);
        Assert.That((int)(await wellFormed.GetAsync("/v1/me")).StatusCode, Is.GreaterThanOrEqualTo(500));
    }

    [Test]
    public async Task Another_tenants_things_answer_like_unknown_ones()
    {
        var (mine, other) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        using var key = await other.Http.PostAsJsonAsync("/v1/api-keys", new { name = "k", scopes = new[] { "tenant:read" } });
        using var invited = await other.Http.PostAsJsonAsync("/v1/invitations", new { email = $"x@{other.Slug}.example", role = "viewer" });
        var owner = (await (await other.Http.GetAsync("/v1/me")).Json(200)).GetProperty("user").GetProperty("id").GetGuid();

        foreach (var (path, id, code) in new[]
        {
            ("api-keys", (await key.Json(201)).GetProperty("id").GetGuid(), "api_key_not_found"),
            ("invitations", (await invited.Json(201)).GetProperty("id").GetGuid(), "invitation_not_found"),
            ("members", owner, "member_not_found"),
        })
        {
            using var foreign = await mine.Http.DeleteAsync($"/v1/{path}/{id}");
            using var unknown = await mine.Http.DeleteAsync($"/v1/{path}/{Guid.CreateVersion7()}");
            await foreign.Problem(404, code);
            Assert.That(await foreign.Content.ReadAsStringAsync(), Is.EqualTo(await unknown.Content.ReadAsStringAsync()));
        }

        await (await mine.Http.PatchAsJsonAsync($"/v1/members/{owner}", new { role = "viewer" })).Problem(404, "member_not_found");
        var keys = await (await mine.Http.GetAsync("/v1/api-keys")).Json(200);
        Assert.That(keys.GetProperty("items").GetArrayLength(), Is.Zero);
    }

    [TestCase("GET", "/v1/me")]
    [TestCase("GET", "/v1/tenant")]
    [TestCase("GET", "/v1/members")]
    [TestCase("GET", "/v1/roles")]
    [TestCase("GET", "/v1/invitations")]
    [TestCase("GET", "/v1/api-keys")]
    [TestCase("GET", "/v1/audit-logs")]
    [TestCase("GET", "/v1/audit-logs/verify")]
    [TestCase("POST", "/v1/logout")]
    public async Task Nobody_in_particular_gets_nothing(string method, string path)
    {
        using var http = (await TestApp.Shared()).Anonymous();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        await (await http.SendAsync(request)).Problem(401, "not_authenticated");
    }

    static async Task<HttpClient> NewKey(TestTenant tenant) => await tenant.ApiKey("tenant:read");

    static HttpClient With(TestTenant tenant, string key)
    {
        var http = tenant.App.Anonymous();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }
}
