using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations;

/// <summary>Against a real OAuth server: PKCE is required, and a refresh token counts once.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class OAuthTests
{
    [TestCase("form")]
    [TestCase("basic")]
    public async Task A_person_consents_and_runs_call_with_their_token(string clientAuth)
    {
        var tenant = await TestApp.NewTenant();
        await using var server = await OAuthPeer.Start(tenant.App, clientAuth);
        var id = await server.Register(tenant, clientAuth);

        using var answer = await OAuthPeer.Consent(tenant.Owner);
        var credential = await answer.Json(200);
        Assert.That(credential.GetProperty("id").GetString(), Is.EqualTo(id));
        Assert.That(credential.GetProperty("status").GetString(), Is.EqualTo("active"));

        var run = await tenant.Http.RunOnce(Credentials.Calling($"{server.Url}/mail", "mail"));
        Assert.That(run.GetProperty("output").GetProperty("got").GetProperty("of").GetString(), Is.EqualTo("ann"), run.GetRawText());
        Assert.That(run.GetProperty("output").GetProperty("got").GetProperty("said").GetString(), Is.EqualTo("Bearer ***"), "what the other side says of the token is not stored");
        using var test = await tenant.Http.PostAsync($"/v1/credentials/{id}/test", null);
        Assert.That((await test.Json(200)).GetProperty("ok").GetBoolean());
    }

    [Test]
    public async Task Goes_back_to_a_path_of_ours_and_nowhere_else()
    {
        var tenant = await TestApp.NewTenant();
        await using var server = await OAuthPeer.Start(tenant.App);
        await server.Register(tenant);
        using (var answer = await OAuthPeer.Consent(tenant.Owner, "?return_to=/v1/credentials"))
        {
            Assert.That(answer.RequestMessage!.RequestUri!.PathAndQuery, Is.EqualTo("/v1/credentials"));
        }

        foreach (var elsewhere in new[] { "https://evil.example/", "//evil.example/", "/\\evil.example", "evil" })
        {
            using var refused = await OAuthPeer.Consent(tenant.Owner, $"?return_to={Uri.EscapeDataString(elsewhere)}");
            await refused.Json(422);
        }
    }

    [Test]
    public async Task A_state_counts_once_and_in_the_browser_that_began()
    {
        var tenant = await TestApp.NewTenant();
        await using var server = await OAuthPeer.Start(tenant.App);
        await server.Register(tenant);
        using var handler = new HttpClientHandler { CookieContainer = tenant.Owner.Cookies, AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = tenant.App.Address };

        // As far as the address to which the other side sends the browser back.
        var next = new Uri(tenant.App.Address, "/v1/integrations/mail/authorize");
        while (!next.AbsolutePath.StartsWith("/v1/oauth/", StringComparison.Ordinal))
        {
            using var hop = await browser.GetAsync(next);
            next = new Uri(next, hop.Headers.Location!);
        }

        using (var another = tenant.App.Anonymous())
        using (var stolen = await another.GetAsync(next))
        {
            await stolen.Problem(400, "invalid_state");
        }

        using (var first = await browser.GetAsync(next))
        {
            await first.Json(200);
        }

        using var second = await browser.GetAsync(next);
        await second.Problem(400, "invalid_state");
        Assert.That(await server.Count("exchanges"), Is.EqualTo(1));
    }

    [TestCase("/v1/oauth/callback?code=a&state=b", "invalid_state")]
    [TestCase("/v1/integrations/nowhere/authorize", "integration_not_found")]
    public async Task A_person_whose_browser_was_sent_around_comes_back_to_a_page_that_knows_why(string path, string code)
    {
        var tenant = await TestApp.NewTenant();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await tenant.Http.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(System.Net.HttpStatusCode.Redirect));
        Assert.That(answer.Headers.Location!.OriginalString, Is.EqualTo($"/credentials?problem={code}"));
    }

    [TestCase("/v1/oauth/callback")]
    [TestCase("/v1/oauth/callback?code=a&state=b")]
    [TestCase("/v1/oauth/callback?code=a&state=os_0000000000000000000000_000000000000000000000000000000_000000")]
    public async Task A_callback_that_nobody_began_is_refused(string path)
    {
        using var http = (await TestApp.Shared()).Anonymous();
        using var answer = await http.GetAsync(path);
        await answer.Problem(400, "invalid_state");
    }

    [Test]
    public async Task Who_refuses_gives_nothing()
    {
        var tenant = await TestApp.NewTenant();
        await using var server = await OAuthPeer.Start(tenant.App);
        var id = await server.Register(tenant, loginHint: "nobody");
        using var answer = await OAuthPeer.Consent(tenant.Owner);
        await answer.Problem(422, "consent_refused");
        Assert.That(await Status(tenant, id), Is.EqualTo("consent_needed"));
    }

    [Test]
    public async Task A_token_that_ends_is_renewed_once_by_however_many_ask_on_two_nodes()
    {
        await using var one = await TestApp.Start();
        var tenant = await one.Tenant();
        await using var server = await OAuthPeer.Start(one);
        await using var two = await TestApp.Start(new Dictionary<string, string?> { ["Encryption:KeyFile"] = one.KeyFile }, on: one.Database);
        var id = await server.Register(tenant);
        using (var answer = await OAuthPeer.Consent(tenant.Owner))
        {
            await answer.Json(200);
        }

        var agent = await tenant.Http.Agent(Credentials.Calling($"{server.Url}/mail", "mail"));
        using var elsewhere = new HttpClient { BaseAddress = two.Address };
        using var program = await tenant.ApiKey("agents:*", "runs:*");
        elsewhere.DefaultRequestHeaders.Authorization = program.DefaultRequestHeaders.Authorization;
        for (var round = 1; round <= 3; round++)
        {
            await Sql.Execute(one.Database.Owner, $"""
                update integrations.credentials set token_expires_at = now() where id = '{id}';
                select pg_notify('data_changed', 'credentials:{tenant.Id}:')
                """);
            var runs = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? tenant.Http : elsewhere).Run(agent)));
            Assert.That(runs.Select(run => run.GetProperty("status").GetString()), Is.All.EqualTo("succeeded"));
        }

        Assert.That(await server.Count("refused"), Is.Zero, "a refresh token that was used was presented again");
        Assert.That(await server.Count("refreshes"), Is.InRange(1, 3));
    }

    [Test]
    public async Task New_tokens_that_could_not_be_stored_are_stored_later()
    {
        await using var app = await TestApp.Start();
        var tenant = await app.Tenant();
        await using var server = await OAuthPeer.Start(app);
        var id = await server.Register(tenant);
        using (var answer = await OAuthPeer.Consent(tenant.Owner))
        {
            await answer.Json(200);
        }

        var agent = await tenant.Http.Agent(Credentials.Calling($"{server.Url}/mail", "mail"));
        await Sql.Execute(app.Database.Owner, $"""
            create function integrations.refuse_probe() returns trigger language plpgsql as 'begin raise exception ''out of order'' using errcode = ''53100''; end';
            create trigger probe before update of secret on integrations.credentials for each row execute function integrations.refuse_probe();
            update integrations.credentials set token_expires_at = now() where id = '{id}';
            select pg_notify('data_changed', 'credentials:{tenant.Id}:')
            """);
        var failed = await Eventually.Get(() => tenant.Http.Run(agent), run => run.GetProperty("status").GetString() == "failed");
        Assert.That(failed.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("credential_unavailable"));
        await Sql.Execute(app.Database.Owner, "drop trigger probe on integrations.credentials");

        Assert.That((await tenant.Http.Run(agent)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        Assert.That(await server.Count("refused"), Is.Zero, "the former refresh token was presented again, and the new ones were lost");
        Assert.That(await server.Count("refreshes"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_run_whose_credential_lacks_consent_waits_for_it_and_goes_on()
    {
        var tenant = await TestApp.NewTenant();
        await using var server = await OAuthPeer.Start(tenant.App);
        var id = await server.Register(tenant);
        var agent = await tenant.Http.Agent(Credentials.Calling($"{server.Url}/mail", "mail"));

        var run = await tenant.Http.Start(agent);
        await tenant.Http.Until(run, "waiting");
        Assert.That((await tenant.Http.StepLines(run))[0], Is.EqualTo("call/1/failed"));
        using (var answer = await OAuthPeer.Consent(tenant.Owner))
        {
            await answer.Json(200);
        }

        Assert.That((await tenant.Http.Drain(run)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));

        // The person withdraws it: the token is renewed in vain, and runs wait again.
        await server.Revoke();
        await Sql.Execute(tenant.App.Database.Owner, $"""
            update integrations.credentials set token_expires_at = now() where id = '{id}';
            select pg_notify('data_changed', 'credentials:{tenant.Id}:')
            """);
        await Eventually.Holds(async () =>
        {
            await tenant.Http.Start(agent);
            return await Status(tenant, id) == "consent_needed";
        });
        var waiting = await tenant.Http.Start(agent);
        await tenant.Http.Until(waiting, "waiting");
        Assert.That(await tenant.Http.GetStringAsync("/v1/audit-logs?action=credential.consent_lost"), Does.Contain(id));
        using (var again = await OAuthPeer.Consent(tenant.Owner))
        {
            await again.Json(200);
        }

        Assert.That((await tenant.Http.Drain(waiting)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        Assert.That(await Sql.Scalar<long>(tenant.App.Database.Owner, "select count(*) from integrations.consent_waits where tenant_id = $1", tenant.Id), Is.Zero);
    }

    [TestCase("delete", "failed")]
    [TestCase("rotate", "succeeded")]
    public async Task A_run_does_not_wait_for_a_credential_that_changed_in_another_way(string change, string end)
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Counting();
        using (var made = await tenant.Http.PostAsJsonAsync("/v1/integrations", new
        {
            slug = "mail",
            name = "Mail",
            auth_type = "oauth2",
            spec = new { hosts = new[] { peer.Host() }, oauth = new { authorize_url = "https://a.example/a", token_url = "https://a.example/t" } },
        }))
        {
            await made.Json(201);
        }

        var id = (await tenant.Http.Credential(new { name = "mail", integration = "mail", secret = new { client_id = "me" } })).GetProperty("id").GetString();
        var run = await tenant.Http.Start(await tenant.Http.Agent(Credentials.Calling(peer.Url, "mail")));
        await tenant.Http.Until(run, "waiting");

        // A key that may do nothing else.
        using var program = await tenant.ApiKey("credentials:*");
        using var changed = change == "delete"
            ? await program.DeleteAsync($"/v1/credentials/{id}")
            : await program.PostAsJsonAsync($"/v1/credentials/{id}/rotate", new { secret = new { access_token = Credentials.Random() } });
        Assert.That(changed.IsSuccessStatusCode);

        Assert.That((await tenant.Http.Drain(run)).GetProperty("status").GetString(), Is.EqualTo(end));
    }

    [TestCase("""{"slug":"x","name":"X","auth_type":"oauth2","spec":{"hosts":["a.example"]}}""", "/spec/oauth")]
    [TestCase("""{"slug":"x","name":"X","auth_type":"oauth2","spec":{"hosts":["a.example"],"oauth":{"authorize_url":"javascript:alert(1)","token_url":"https://a.example/t"}}}""", "/spec/oauth/authorize_url")]
    [TestCase("""{"slug":"x","name":"X","auth_type":"oauth2","spec":{"hosts":["a.example"],"oauth":{"authorize_url":"https://a.example/a","token_url":"https://u:p@a.example/t"}}}""", "/spec/oauth/token_url")]
    [TestCase("""{"slug":"x","name":"X","auth_type":"oauth2","spec":{"hosts":["a.example"],"oauth":{"authorize_url":"https://a.example/a","token_url":"https://a.example/t","parameters":{"redirect_uri":"https://evil.example"}}}}""", "/spec/oauth/parameters")]
    [TestCase("""{"slug":"x","name":"X","auth_type":"api_key","spec":{}}""", "/spec/hosts")]
    [TestCase("""{"slug":"x","name":"X","auth_type":"api_key","spec":{"hosts":["*.com"]}}""", "/spec/hosts/0")]
    [TestCase("""{"slug":"x","name":"X","auth_type":"api_key","spec":{"hosts":["a.example"],"header":"Transfer-Encoding"}}""", "/spec/header")]
    [TestCase("""{"slug":"x","name":"X","auth_type":"api_key","spec":{"hosts":["a.example"],"secret":"s"}}""", "/spec/secret")]
    [TestCase("""{"slug":"x","name":"X","auth_type":"magic","spec":{}}""", "/auth_type")]
    public async Task Refuses_what_makes_no_integration(string body, string pointer)
    {
        var tenant = await TestApp.NewTenant();
        using var answer = await tenant.Http.PostAsync("/v1/integrations", Runs.Json(body));
        var problem = await answer.Json(422);
        Assert.That(problem.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("pointer").GetString()), Has.Member(pointer));
    }

    static async Task<string?> Status(TestTenant tenant, string id) => (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/credentials/{id}")).GetProperty("status").GetString();
}
