using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;
using Npgsql;

namespace AgentPlatform.Integration.Integrations;

[Parallelizable(ParallelScope.All)]
public sealed class CredentialTests
{
    [Test]
    public async Task Answers_everything_of_a_credential_but_its_secret()
    {
        var tenant = await TestApp.NewTenant();
        var secret = Credentials.Random();
        var made = await tenant.Http.Credential(new { name = "crm", secret = new { api_key = secret }, allowed_hosts = new[] { "api.example.com" }, scopes = new[] { "read" } });
        Assert.Multiple(() =>
        {
            Assert.That(made.GetProperty("preview").GetString(), Is.EqualTo(secret[^4..]));
            Assert.That(made.GetProperty("status").GetString(), Is.EqualTo("active"));
            Assert.That(made.GetProperty("auth_type").GetString(), Is.EqualTo("api_key"));
            Assert.That(made.GetProperty("version").GetInt32(), Is.EqualTo(1));
        });

        foreach (var path in new[] { $"/v1/credentials/{made.GetProperty("id").GetString()}", "/v1/credentials", "/v1/audit-logs" })
        {
            Assert.That(await tenant.Http.GetStringAsync(path), Does.Contain("crm").And.Not.Contain(secret), path);
        }
    }

    [Test]
    public async Task Shows_nothing_of_a_short_secret()
    {
        var tenant = await TestApp.NewTenant();
        var made = await tenant.Http.Credential(new { name = "short", secret = new { api_key = "elevenchars" }, allowed_hosts = new[] { "api.example.com" } });
        Assert.That(made.GetProperty("preview").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [TestCase("api_key", null, null, "x-api-key", "{0}")]
    [TestCase("api_key", "PRIVATE-TOKEN", null, "private-token", "{0}")]
    [TestCase("api_key", "Authorization", "token ", "authorization", "token {0}")]
    [TestCase("bearer_token", null, null, "authorization", "Bearer {0}")]
    public async Task A_node_sends_its_credential_in_the_header_that_it_asks_for(string type, string? header, string? prefix, string sent, string form)
    {
        var tenant = await TestApp.NewTenant();
        var heard = "";
        await using var peer = await Peer.Start((_, http) =>
        {
            heard = http.Request.Headers[sent].ToString();
            return Task.CompletedTask;
        });
        var value = Credentials.Random();
        var secret = type == "bearer_token" ? (object)new { token = value } : new { api_key = value };
        await tenant.Http.Credential(new { name = "crm", secret, auth_type = type, header, prefix, allowed_hosts = new[] { peer.Host() } });

        var run = await tenant.Http.RunOnce(Credentials.Calling(peer.Url, "crm"));

        Assert.That(run.GetProperty("status").GetString(), Is.EqualTo("succeeded"), run.GetRawText());
        Assert.That(heard, Is.EqualTo(string.Format(null, form, value)));
    }

    [Test]
    public async Task Basic_authentication_is_name_and_password_in_base64()
    {
        var tenant = await TestApp.NewTenant();
        var heard = "";
        await using var peer = await Peer.Start((_, http) =>
        {
            heard = http.Request.Headers.Authorization.ToString();
            return Task.CompletedTask;
        });
        var password = Credentials.Random();
        await tenant.Http.Credential(new { name = "crm", auth_type = "basic", secret = new { username = "ann", password }, allowed_hosts = new[] { peer.Host() } });

        await tenant.Http.RunOnce(Credentials.Calling(peer.Url, "crm"));

        Assert.That(heard, Is.EqualTo("Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"ann:{password}"))));
    }

    [Test]
    public async Task A_credential_goes_to_its_hosts_only_and_not_along_with_a_redirect()
    {
        var tenant = await TestApp.NewTenant();
        var heard = new List<string>();
        await using var stranger = await Peer.Start((_, http) =>
        {
            heard.AddRange(http.Request.Headers.Select(header => $"{header.Key}: {header.Value}"));
            return Task.CompletedTask;
        });
        await using var friend = await Peer.Start((_, http) =>
        {
            http.Response.Redirect(stranger.Url);
            return Task.CompletedTask;
        });
        var secret = Credentials.Random();
        await tenant.Http.Credential(new { name = "crm", secret = new { api_key = secret }, allowed_hosts = new[] { friend.Host() } });

        var direct = await tenant.Http.RunOnce(Credentials.Calling(stranger.Url, "crm"));
        Assert.That(direct.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("credential_host"));
        Assert.That(stranger.Calls, Is.Zero);

        var redirected = await tenant.Http.RunOnce(Credentials.Calling(friend.Url, "crm"));
        Assert.That(redirected.GetProperty("status").GetString(), Is.EqualTo("succeeded"), redirected.GetRawText());
        Assert.That(stranger.Calls, Is.EqualTo(1));
        Assert.That(heard, Has.None.Contain(secret));
    }

    [Test]
    public async Task An_expression_cannot_name_a_credential()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Credential(new { name = "crm", secret = new { api_key = Credentials.Random() }, allowed_hosts = new[] { "api.example.com" } });
        foreach (var url in new[] { "https://api.example.com/?key={{credential}}", "https://api.example.com/{{credential.api_key}}", "=credential.api_key" })
        {
            using var answer = await tenant.Http.PostAsync("/v1/agents", Runs.Json(
                $$"""{ "slug": "leaky", "name": "Leaky", "graph": { "nodes": [{ "id": "call", "skill": "http_request", "credential": "crm", "with": { "url": "{{url}}" } }] } }"""));
            await answer.Json(422);
        }
    }

    [Test]
    public async Task A_run_without_its_credential_says_which_one_it_lacks()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Counting();
        var agent = await tenant.Http.Agent(Credentials.Calling(peer.Url, "crm"));
        Assert.That(await CodeOf(tenant, agent), Is.EqualTo("credential_unknown"));

        var other = await tenant.Http.Credential(new { name = "crm", secret = new { api_key = Credentials.Random() }, allowed_hosts = new[] { peer.Host() }, expires_at = "2100-01-01T00:00:00Z" });
        Assert.That((await tenant.Http.Run(agent)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));

        await Sql.Execute(tenant.App.Database.Owner, $"""
            update integrations.credentials set expires_at = now() where id = '{other.GetProperty("id").GetString()}';
            select pg_notify('data_changed', 'credentials:{tenant.Id}:')
            """);
        Assert.That(await Eventually.Get(() => CodeOf(tenant, agent), code => code is not null), Is.EqualTo("credential_expired"));
        Assert.That((await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/credentials/{other.GetProperty("id").GetString()}")).GetProperty("status").GetString(), Is.EqualTo("expired"));
    }

    [Test]
    public async Task A_rotated_secret_is_the_one_that_is_sent_and_a_deleted_one_is_gone()
    {
        var tenant = await TestApp.NewTenant();
        var heard = "";
        await using var peer = await Peer.Start((_, http) =>
        {
            heard = http.Request.Headers["X-Api-Key"].ToString();
            return Task.CompletedTask;
        });
        var (first, second) = (Credentials.Random("first"), Credentials.Random("second"));
        var id = (await tenant.Http.Credential(new { name = "crm", secret = new { api_key = first }, allowed_hosts = new[] { peer.Host() } })).GetProperty("id").GetString();
        var agent = await tenant.Http.Agent(Credentials.Calling(peer.Url, "crm"));
        await tenant.Http.Run(agent);
        Assert.That(heard, Is.EqualTo(first));

        using (var rotated = await tenant.Http.PostAsJsonAsync($"/v1/credentials/{id}/rotate", new { secret = new { api_key = second } }))
        {
            var view = await rotated.Json(200);
            Assert.That(view.GetProperty("version").GetInt32(), Is.EqualTo(2));
            Assert.That(view.GetProperty("preview").GetString(), Is.EqualTo(second[^4..]));
        }

        await Eventually.Holds(async () =>
        {
            await tenant.Http.Run(agent);
            return heard == second;
        });
        Assert.That((await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/credentials/{id}")).GetProperty("last_used_at").ValueKind, Is.EqualTo(JsonValueKind.String));

        using (var deleted = await tenant.Http.DeleteAsync($"/v1/credentials/{id}"))
        {
            await deleted.Json(204);
        }

        Assert.That(await Eventually.Get(() => CodeOf(tenant, agent), code => code is not null), Is.EqualTo("credential_unknown"));
    }

    [Test]
    public async Task The_agents_own_credential_goes_before_the_persons_and_that_before_the_tenants()
    {
        var tenant = await TestApp.NewTenant();
        var heard = "";
        await using var peer = await Peer.Start((_, http) =>
        {
            heard = http.Request.Headers["X-Api-Key"].ToString();
            return Task.CompletedTask;
        });
        var (mine, its) = (await tenant.Http.Agent(Credentials.Calling(peer.Url, "crm")), await tenant.Http.Agent(Credentials.Calling(peer.Url, "crm")));
        var hosts = new[] { peer.Host() };
        await tenant.Http.Credential(new { name = "crm", secret = new { api_key = "of-the-tenant" }, allowed_hosts = hosts });
        await tenant.Http.Credential(new { name = "crm", secret = new { api_key = "of-the-agent" }, allowed_hosts = hosts, scope = "agent", agent = its });
        await tenant.Http.Credential(new { name = "crm", secret = new { api_key = "of-the-owner" }, allowed_hosts = hosts, scope = "user" });

        await tenant.Http.Run(its);
        Assert.That(heard, Is.EqualTo("of-the-agent"));
        await tenant.Http.Run(mine);
        Assert.That(heard, Is.EqualTo("of-the-owner"));
        await (await tenant.Member("developer")).Http.Run(mine);
        Assert.That(heard, Is.EqualTo("of-the-tenant"));

        using var again = await tenant.Http.PostAsJsonAsync("/v1/credentials", new { name = "crm", secret = new { api_key = "another" }, allowed_hosts = hosts });
        await again.Problem(409, "name_taken");
    }

    [Test]
    public async Task Somebody_elses_own_credential_does_not_exist()
    {
        var tenant = await TestApp.NewTenant();
        var developer = await tenant.Member("developer");
        var id = (await developer.Http.Credential(new { name = "mine", secret = new { api_key = "k" }, allowed_hosts = new[] { "a.example" }, scope = "user" })).GetProperty("id").GetString();

        using var answer = await tenant.Http.GetAsync($"/v1/credentials/{id}");
        await answer.Problem(404, "credential_not_found");
        using var test = await tenant.Http.PostAsJsonAsync($"/v1/credentials/{id}/test", new { url = "https://a.example/" });
        await test.Problem(404, "credential_not_found");
        Assert.That(await tenant.Http.GetStringAsync("/v1/credentials"), Does.Not.Contain(id!));
        Assert.That(await developer.Http.GetStringAsync("/v1/credentials"), Does.Contain(id!));
    }

    [Test]
    public async Task A_test_sends_it_to_its_own_hosts_and_says_what_came_back()
    {
        var tenant = await TestApp.NewTenant();
        var right = Credentials.Random();
        await using var peer = await Peer.Start((_, http) =>
        {
            http.Response.StatusCode = http.Request.Headers["X-Api-Key"] == right ? 200 : 401;
            return Task.CompletedTask;
        });
        var id = (await tenant.Http.Credential(new { name = "crm", secret = new { api_key = "wrong" }, allowed_hosts = new[] { peer.Host() } })).GetProperty("id").GetString();
        Assert.That((await Test(peer.Url, 200)).GetProperty("code").GetString(), Is.EqualTo("refused"));
        using (var rotated = await tenant.Http.PostAsJsonAsync($"/v1/credentials/{id}/rotate", new { secret = new { api_key = right } }))
        {
            await rotated.Json(200);
        }

        Assert.That((await Test(peer.Url, 200)).GetProperty("ok").GetBoolean());
        await Test("https://evil.example/", 422);
        await Test("http://169.254.169.254/", 422);
        await Test("no address", 422);
        Assert.That((await Test(null, 200)).GetProperty("ok").GetBoolean());

        async Task<JsonElement> Test(string? url, int status)
        {
            using var answer = await tenant.Http.PostAsJsonAsync($"/v1/credentials/{id}/test", new { url });
            return await answer.Json(status);
        }
    }

    [Test]
    public async Task Tells_which_agents_name_it()
    {
        var tenant = await TestApp.NewTenant();
        var id = (await tenant.Http.Credential(new { name = "the \"crm\"", secret = new { api_key = "k" }, allowed_hosts = new[] { "a.example" } })).GetProperty("id").GetString();
        var named = await tenant.Http.Agent("""
            { "nodes": [{ "id": "each", "skill": "foreach", "with": { "items": [1], "body": { "nodes": [{ "id": "inner", "skill": "http_request", "credential": "the \"crm\"", "with": { "url": "https://a.example/" } }] } } }] }
            """);
        await tenant.Http.Agent(Credentials.Calling("https://a.example/", "another"));

        var uses = await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/credentials/{id}/uses");

        var use = uses.GetProperty("items").EnumerateArray().Single();
        Assert.That(use.GetProperty("slug").GetString(), Is.EqualTo(named));
        Assert.That(use.GetProperty("nodes").EnumerateArray().Single().GetString(), Is.EqualTo("inner"));
    }

    /// <summary>Whoever can write to the database, but has no key, can make a secret useless and nothing else.</summary>
    [TestCase("secret = set_byte(secret, octet_length(secret) - 1, 255 - get_byte(secret, octet_length(secret) - 1))")]
    [TestCase("secret = substr(secret, 1, octet_length(secret) - 1)")]
    [TestCase("data_key = set_byte(data_key, 20, 255 - get_byte(data_key, 20))")]
    [TestCase("version = version + 1")]
    [TestCase("key_id = 'local:00000000'")]
    [TestCase("secret = (select o.secret from integrations.credentials o where o.name = 'other' and o.tenant_id = c.tenant_id), data_key = (select o.data_key from integrations.credentials o where o.name = 'other' and o.tenant_id = c.tenant_id)")]
    [TestCase("id = '01900000-0000-7000-8000-0000000000ff'")]
    [TestCase("tenant_id = (select x.id from tenants.tenants x where x.slug = '{other}')")]
    public async Task A_secret_that_was_moved_or_changed_does_not_open(string change)
    {
        var (tenant, other) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        await using var peer = await Peer.Counting();
        var hosts = new[] { peer.Host() };
        await tenant.Http.Credential(new { name = "other", secret = new { api_key = "of-another" }, allowed_hosts = hosts });
        await tenant.Http.Credential(new { name = "crm", secret = new { api_key = "k" }, allowed_hosts = hosts });
        await Sql.Execute(tenant.App.Database.Owner, $"update integrations.credentials c set {change.Replace("{other}", other.Slug)} where c.tenant_id = '{tenant.Id}' and c.name = 'crm'");

        var caller = change.StartsWith("tenant_id", StringComparison.Ordinal) ? other : tenant;
        var run = await caller.Http.RunOnce(Credentials.Calling(peer.Url, "crm"));

        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("credential_unavailable"));
        Assert.That(peer.Calls, Is.Zero);
    }

    [TestCase("""{"name":"c","secret":{},"allowed_hosts":["a.example"]}""", "/secret/api_key", "required")]
    [TestCase("""{"name":"c","secret":{"api_key":""},"allowed_hosts":["a.example"]}""", "/secret/api_key", "length")]
    [TestCase("""{"name":"c","secret":{"api_key":"a\r\nX-Evil: 1"},"allowed_hosts":["a.example"]}""", "/secret/api_key", "not_printable")]
    [TestCase("""{"name":"c","secret":{"API KEY":"k","api_key":"k"},"allowed_hosts":["a.example"]}""", "/secret", "invalid_name")]
    [TestCase("""{"name":"c","secret":{"api_key":"k"}}""", "/allowed_hosts", "required")]
    [TestCase("""{"name":"c","secret":{"api_key":"k"},"allowed_hosts":["*"]}""", "/allowed_hosts/0", "invalid_host")]
    [TestCase("""{"name":"c","secret":{"api_key":"k"},"allowed_hosts":["https://a.example/"]}""", "/allowed_hosts/0", "invalid_host")]
    [TestCase("""{"name":"=c","secret":{"api_key":"k"},"allowed_hosts":["a.example"]}""", "/name", "invalid_name")]
    [TestCase("""{"name":"c","secret":{"api_key":"k"},"allowed_hosts":["a.example"],"header":"Host"}""", "/header", "invalid_header")]
    [TestCase("""{"name":"c","secret":{"api_key":"k"},"allowed_hosts":["a.example"],"header":"X Key"}""", "/header", "invalid_header")]
    [TestCase("""{"name":"c","secret":{"api_key":"k"},"allowed_hosts":["a.example"],"prefix":"a\nb"}""", "/prefix", "invalid_prefix")]
    [TestCase("""{"name":"c","secret":{"username":"u","password":"p"},"auth_type":"basic","header":"X-Key","allowed_hosts":["a.example"]}""", "/header", "not_allowed")]
    [TestCase("""{"name":"c","secret":{"api_key":"k"},"allowed_hosts":["a.example"],"scope":"agent"}""", "/agent", "required")]
    [TestCase("""{"name":"c","secret":{"api_key":"k"},"allowed_hosts":["a.example"],"scope":"everybody"}""", "/scope", "not_allowed")]
    [TestCase("""{"name":"c","secret":{"api_key":"k"},"integration":"none-such"}""", "/integration", "unknown_integration")]
    [TestCase("""{"name":"c","secret":{"api_key":"k"},"vendor":"openai","integration":"github"}""", "/integration", "not_allowed")]
    [TestCase("""{"name":"c","secret":{"api_key":"k"},"allowed_hosts":["a.example"],"expires_at":"2000-01-01T00:00:00Z"}""", "/expires_at", "in_the_past")]
    public async Task Refuses_what_makes_no_credential(string body, string pointer, string code)
    {
        var tenant = await TestApp.NewTenant();
        using var answer = await tenant.Http.PostAsync("/v1/credentials", Runs.Json(body));
        var problem = await answer.Json(422);
        Assert.That(problem.GetProperty("errors").EnumerateArray().Select(fault => (fault.GetProperty("pointer").GetString(), fault.GetProperty("code").GetString())), Has.Member((pointer, code)));
    }

    [Test]
    public async Task The_operator_sees_which_credentials_there_are_and_no_secret()
    {
        var app = await TestApp.Shared();
        await Sql.Execute(app.Database.Operator, "select name, status from integrations.credentials limit 1");
        Assert.That(async () => await Sql.Execute(app.Database.Operator, "select secret from integrations.credentials limit 1"),
            Throws.TypeOf<PostgresException>().With.Property("SqlState").EqualTo("42501"));
    }

    static async Task<string?> CodeOf(TestTenant tenant, string agent) =>
        (await tenant.Http.Run(agent)).GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("code").GetString() : null;
}
