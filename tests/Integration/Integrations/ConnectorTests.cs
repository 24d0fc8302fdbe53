using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Domain.Integrations;
using AgentPlatform.Domain.Shared.Http;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations;

/// <summary>The integrations that come along, and their skills: data, so they are checked as data, and one of each kind is called.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ConnectorTests
{
    static readonly string[] Expected = ["discord", "github", "gmail", "google-calendar", "jira", "linear", "notion", "slack", "smtp", "telegram", "twilio"];

    [Test]
    public async Task Every_integration_says_where_its_credentials_go_and_how()
    {
        var tenant = await TestApp.NewTenant();
        var page = await tenant.Http.GetFromJsonAsync<JsonElement>("/v1/integrations?limit=200");
        var all = page.GetProperty("items").EnumerateArray().Where(item => item.GetProperty("is_platform").GetBoolean()).ToDictionary(item => item.GetProperty("slug").GetString()!);
        Assert.That(all.Keys, Is.SupersetOf(Expected));
        foreach (var (slug, item) in all)
        {
            var (type, spec) = (item.GetProperty("auth_type").GetString()!, item.GetProperty("spec"));
            // Mail goes to a server of each credential's own.
            var faults = IntegrationRules.Check(type, spec).Where(fault => fault.Pointer != "/spec/path_prefix" && (slug != "smtp" || fault.Pointer != "/spec/hosts"));
            Assert.That(faults, Is.Empty, slug);
            Assert.That(IntegrationSpec.Read(spec).OAuth is not null, Is.EqualTo(type == "oauth2"), slug);
        }
    }

    [Test]
    public async Task Every_skill_is_an_operation_whose_parameters_its_schema_knows_at_a_host_of_its_integration()
    {
        var tenant = await TestApp.NewTenant();
        var integrations = (await tenant.Http.GetFromJsonAsync<JsonElement>("/v1/integrations?limit=200")).GetProperty("items").EnumerateArray().ToDictionary(item => item.GetProperty("slug").GetString()!, item => IntegrationSpec.Read(item.GetProperty("spec")));
        var skills = (await tenant.Http.GetFromJsonAsync<JsonElement>("/v1/skills?category=integration&limit=200")).GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("type").GetString() == "http_request").Select(item => item.GetProperty("slug").GetString()!).ToList();
        Assert.That(skills, Has.Count.GreaterThanOrEqualTo(Expected.Length));
        foreach (var skill in skills)
        {
            var version = await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/skills/{skill}/versions/latest");
            var spec = version.GetProperty("spec");
            Assert.That(HttpOperation.TryRead(spec.GetProperty("operation"), "", out var operation), Is.Empty, skill);
            Assert.That(operation!.Parameters.Select(p => p.Name), Is.EquivalentTo(version.GetProperty("input_schema").GetProperty("properties").EnumerateObject().Select(p => p.Name)), skill);
            var hosts = integrations[spec.GetProperty("integration").GetString()!].Hosts;
            Assert.That(HostPattern.Covers(hosts, new Uri(operation.Url.Replace("{site}", "ours"))), skill);
        }
    }

    [Test]
    public async Task A_skill_of_an_integration_uses_the_credential_of_that_integration()
    {
        var tenant = await TestApp.NewTenant();
        var (line, key) = ("", "");
        await using var peer = await Peer.Start(async (_, http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            (line, key) = ($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString} {await reader.ReadToEndAsync()}", http.Request.Headers.Authorization.ToString());
        });
        using (var made = await tenant.Http.PostAsJsonAsync("/v1/integrations", new { slug = "ours", name = "Ours", auth_type = "api_key", spec = new { hosts = new[] { peer.Host() }, header = "Authorization", prefix = "Key " } }))
        {
            await made.Json(201);
        }

        using (var skill = await tenant.Http.PostAsJsonAsync("/v1/skills", new { slug = "post-it", name = "Post it", type = "http_request", category = "integration" }))
        {
            await skill.Json(201);
        }

        using (var version = await tenant.Http.PostAsJsonAsync("/v1/skills/post-it/versions", new
        {
            spec = new
            {
                integration = "ours",
                operation = new
                {
                    method = "POST",
                    url = peer.Url,
                    body = "json",
                    parameters = new object[] { new { name = "page", @in = "query" }, new { name = "text", @in = "body" } },
                },
            },
            input_schema = new { type = "object", additionalProperties = false, required = new[] { "text" }, properties = new { page = new { type = "integer" }, text = new { type = "string" } } },
        }))
        {
            await version.Json(201);
        }

        var agent = await tenant.Http.Agent("""{ "nodes": [{ "id": "post", "skill": "post-it", "with": { "page": 2, "text": "=input.say" } }] }""");
        Assert.That((await tenant.Http.Run(agent, """{ "input": { "say": "hi" } }""")).GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("credential_unknown"));

        var secret = Credentials.Random();
        await tenant.Http.Credential(new { name = "whichever", integration = "ours", secret = new { api_key = secret } });
        var run = await tenant.Http.Run(agent, """{ "input": { "say": "hi" } }""");
        Assert.That(run.GetProperty("status").GetString(), Is.EqualTo("succeeded"), run.GetRawText());
        Assert.That(line, Is.EqualTo("""POST /call?page=2 {"text":"hi"}"""));
        Assert.That(key, Is.EqualTo($"Key {secret}"));

        using var refused = await tenant.Http.PostAsync("/v1/agents/validate", Runs.Json("""{ "graph": { "nodes": [{ "id": "post", "skill": "post-it", "with": { "text": 5 } }] } }"""));
        Assert.That((await refused.Json(200)).GetProperty("valid").GetBoolean(), Is.False);
    }

    /// <summary>Telegram knows no header for its token: it goes into the address at the last moment, and is told to nobody.</summary>
    [Test]
    public async Task A_token_that_goes_into_the_path_is_in_no_answer()
    {
        var app = await TestApp.Shared();
        var tenant = await TestApp.NewTenant();
        await using var peer = await HttpRequestServer.Start();
        await Sql.Execute(Sql.ForTenant(app.Database.Owner, tenant.Id), $$"""
            insert into integrations.integrations (tenant_id, id, slug, name, auth_type, spec)
            values ('{{tenant.Id}}', gen_random_uuid(), 'bot', 'Bot', 'bearer_token', '{"hosts": ["{{new Uri(peer.Origin).Authority}}"], "path_prefix": "/bot{token}"}')
            """);
        var token = $"12345:{Guid.CreateVersion7():n}";
        await tenant.Http.Credential(new { name = "bot", integration = "bot", secret = new { token } });

        var run = await tenant.Http.RunOnce($$"""{ "nodes": [{ "id": "call", "skill": "http_request", "credential": "bot", "on_error": "continue", "with": { "url": "{{peer.Origin}}/sendMessage", "expect_status": 404 } }], "output": { "call": "=call" } }""");

        Assert.That(peer.Seen.Single().Line, Does.StartWith($"GET /bot{token}/sendMessage"));
        Assert.That(peer.Seen.Single().Headers, Does.Not.ContainKey("authorization"));
        Assert.That(run.GetRawText(), Does.Not.Contain(token).And.Contain("/sendMessage"));
    }
}
