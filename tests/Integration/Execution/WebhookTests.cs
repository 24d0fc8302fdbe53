using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

[TestFixture]
public sealed class WebhookTests
{
    [TestCase("standard")]
    [TestCase("github")]
    [TestCase("stripe")]
    [TestCase("slack")]
    [TestCase("none")]
    public async Task Takes_a_delivery_that_is_signed_right(string scheme)
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, scheme: scheme);

        var run = await tenant.Http.Drain(await hook.Fire(tenant.App, body: """{ "text": "hello" }"""));

        Assert.That((run.GetProperty("output").ToString(), run.GetProperty("trigger_source").GetString(), run.GetProperty("trigger_id").GetGuid()),
            Is.EqualTo(("""{"said":"hello"}""", "webhook", hook.Id)));
    }

    [Test]
    public async Task Refuses_every_forgery_and_stores_nothing([Values("standard", "github", "stripe", "slack")] string scheme)
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, scheme: scheme);
        var forged = 0;
        foreach (var request in Forgeries(hook))
        {
            using var answer = await hook.Send(tenant.App, request);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.That(answer.StatusCode, Is.AnyOf(HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest), $"forgery {forged}");
            Assert.That(problem.GetProperty("code").GetString(), Is.Not.Empty);
            forged++;
        }

        Assert.That(forged, Is.GreaterThanOrEqualTo(scheme == "github" ? 6 : 9));
        Assert.That(await Hook.Count(tenant.Http), Is.Zero);
    }

    [Test]
    public async Task Answers_a_repeated_delivery_with_the_same_run([Values("standard", "github", "stripe", "slack")] string scheme)
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, scheme: scheme);
        var first = await hook.Fire(tenant.App);

        Assert.That(await hook.Fire(tenant.App, expected: 200), Is.EqualTo(first));
        Assert.That(await Hook.Count(tenant.Http), Is.EqualTo(1));
    }

    [Test]
    public async Task Makes_one_run_of_fifty_copies_at_once()
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => hook.Send(tenant.App, hook.Delivery())));
        var runs = await Task.WhenAll(answers.Select(answer => answer.Content.ReadFromJsonAsync<JsonElement>()));

        Assert.That(runs.Select(run => run.GetProperty("run_id").GetGuid()).Distinct(), Has.Exactly(1).Items);
        Assert.That(answers.Count(answer => answer.StatusCode is HttpStatusCode.Accepted), Is.EqualTo(1));
        Assert.That(await Hook.Count(tenant.Http), Is.EqualTo(1));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Test]
    public async Task Knows_a_delivery_again_after_a_restart_and_hears_of_changes_on_another_node()
    {
        await using var cluster = await Cluster.Start();
        var hook = await Hook.Create(cluster.Http, await cluster.Http.Agent(Runs.Echo), cluster.Tenant.Slug);
        var first = await hook.Fire(cluster.First);
        await using var other = await cluster.Join();

        Assert.That(await hook.Fire(other, expected: 200), Is.EqualTo(first));
        using (var off = await cluster.Http.PostAsync($"/v1/triggers/{hook.Id}/disable", null))
        {
            await off.Json(expected: 200);
        }

        await Eventually.Holds(async () => (await hook.Send(other, hook.Delivery(id: "msg_2"))).StatusCode is HttpStatusCode.NotFound);
        await Eventually.Holds(async () => (await hook.Send(cluster.First, hook.Delivery(id: "msg_3"))).StatusCode is HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Takes_both_secrets_during_the_grace_and_only_the_new_one_without()
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant);

        var second = await Rotate(tenant, hook, 1);
        await hook.Fire(tenant.App, id: "old", secret: hook.Secret);
        await hook.Fire(tenant.App, id: "new", secret: second);
        var third = await Rotate(tenant, hook, 0);

        await Eventually.Holds(async () => (await hook.Send(tenant.App, hook.Delivery(id: $"m{Guid.CreateVersion7():n}", secret: second))).StatusCode is HttpStatusCode.Unauthorized);
        await hook.Fire(tenant.App, id: "newest", secret: third);
    }

    [Test]
    public async Task Runs_what_the_agent_is_now()
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant);
        await hook.Fire(tenant.App);
        var trigger = await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/triggers/{hook.Id}");

        using (var off = await tenant.Http.PostAsync($"/v1/agents/{trigger.GetProperty("agent_id").GetGuid()}/deactivate", null))
        {
            await off.Json(expected: 200);
        }

        await Eventually.Holds(async () => (await hook.Send(tenant.App, hook.Delivery(id: $"m{Guid.CreateVersion7():n}"))).StatusCode is HttpStatusCode.Conflict);
    }

    [Test]
    public async Task Says_the_same_of_every_webhook_that_is_not_there()
    {
        var tenant = await TestApp.NewTenant();
        using var http = tenant.App.Anonymous();
        var answers = new List<string>();
        foreach (var path in new[] { $"/hooks/{tenant.Slug}/nothing", "/hooks/nobody/nothing", "/hooks/NOBODY!/nothing" })
        {
            using var answer = await http.PostAsync(path, Runs.Json("{}"));
            await answer.Problem(404, "webhook_not_found");
            answers.Add(await answer.Content.ReadAsStringAsync());
        }

        Assert.That(answers.Distinct(), Has.Exactly(1).Items);
    }

    [Test]
    public async Task Maps_body_headers_and_query_and_withholds_the_signature()
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, """{ "nodes": [{ "id": "all", "skill": "transform", "with": { "in": "=input" } }] }""",
            more: """, "input": { "text": "=body.text", "kind": "=headers.\"x-kind\"", "page": "=query.page", "names": "=keys(headers)" }""");
        var request = hook.Delivery("""{ "text": "hello" }""", query: "?page=2&wait=true");
        request.Headers.Add("X-Kind", "push");

        using var answer = await hook.Send(tenant.App, request);
        var input = (await answer.Json(expected: 200)).GetProperty("in");

        Assert.That((input.GetProperty("text").GetString(), input.GetProperty("kind").GetString(), input.GetProperty("page").GetString()), Is.EqualTo(("hello", "push", "2")));
        Assert.That(input.GetProperty("names").ToString(), Does.Not.Contain("signature"));
    }

    [Test]
    public async Task Answers_a_failed_run_to_who_waits_with_its_id()
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, """{ "nodes": [{ "id": "no", "skill": "fail", "with": { "message": "No." } }] }""");

        using var answer = await hook.Send(tenant.App, hook.Delivery(query: "?wait=true"));

        await answer.Problem(502, "run_failed");
        Assert.That(Guid.TryParse(answer.Headers.GetValues("X-Run-Id").Single(), out _), Is.True);
    }

    [Test]
    public async Task Refuses_what_is_too_large_or_no_json()
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant);
        var large = $$"""{"a":"{{new string('x', (1024 * 1024) - 7)}}"}""";
        var text = hook.Delivery();
        text.Content!.Headers.ContentType = new("text/plain");

        using var tooLarge = await hook.Send(tenant.App, hook.Delivery(large));
        using var noJson = await hook.Send(tenant.App, text);
        using var broken = await hook.Send(tenant.App, hook.Delivery("{"));

        await tooLarge.Json(expected: 413);
        await noJson.Problem(415, "unsupported_media_type");
        await broken.Json(expected: 400);
        Assert.That(await Hook.Count(tenant.Http), Is.Zero);
    }

    [Test]
    public async Task Shows_its_secret_to_nobody_again()
    {
        await using var cluster = await Cluster.Start();
        var agent = await cluster.Http.Agent(Runs.Echo);
        var hook = await Hook.Create(cluster.Http, agent, cluster.Tenant.Slug);
        var secret = hook.Secret![6..];

        foreach (var path in new[] { $"/v1/triggers/{hook.Id}", $"/v1/agents/{agent}/triggers", "/v1/audit-logs" })
        {
            Assert.That(await cluster.Tenant.Http.GetStringAsync(path), Does.Not.Contain(secret));
        }

        var rows = await Sql.Column(Sql.ForTenant(cluster.Database.Owner, cluster.Tenant.Id), "select t::text from execution.triggers t");
        Assert.That(string.Concat(rows), Does.Contain(hook.Id.ToString()).And.Not.Contain(secret).And.Not.Contain(Convert.ToHexStringLower(Convert.FromBase64String(secret))));
    }

    static IEnumerable<HttpRequestMessage> Forgeries(Hook hook)
    {
        const string Other = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        yield return hook.Delivery(secret: Other);
        yield return Changed(hook, request => request.Content = new StringContent("{ }", Encoding.UTF8, "application/json"));
        yield return Changed(hook, request => request.Content = new StringContent("{}\r\n", Encoding.UTF8, "application/json"));
        yield return Changed(hook, request => request.Headers.Clear());
        yield return Each(hook, value => value[..^2]);
        yield return Each(hook, value => value + "0");
        yield return Each(hook, _ => "garbage");
        if (hook.Scheme is not Domain.Execution.Webhooks.SignatureScheme.GitHub)
        {
            yield return hook.Delivery(at: TimeProvider.System.GetUtcNow().AddSeconds(-330));
            yield return hook.Delivery(at: TimeProvider.System.GetUtcNow().AddSeconds(330));
            yield return hook.Delivery(at: DateTimeOffset.UnixEpoch);
        }
    }

    static HttpRequestMessage Changed(Hook hook, Action<HttpRequestMessage> change)
    {
        var request = hook.Delivery();
        change(request);
        return request;
    }

    /// <summary>The header that carries the signature, changed.</summary>
    static HttpRequestMessage Each(Hook hook, Func<string, string> change) => Changed(hook, request =>
    {
        var (name, values) = request.Headers.Single(header => header.Key.Contains("signature", StringComparison.OrdinalIgnoreCase));
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, change(values.Single()));
    });

    static async Task<string> Rotate(TestTenant tenant, Hook hook, int hours)
    {
        using var answer = await tenant.Http.PostAsync($"/v1/triggers/{hook.Id}/rotate-secret", Runs.Json($$"""{ "grace_hours": {{hours}} }"""));
        return (await answer.Json(expected: 200)).GetProperty("secret").GetString()!;
    }
}
