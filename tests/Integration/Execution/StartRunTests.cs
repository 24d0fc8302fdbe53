using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

[TestFixture(QueueKind.Postgres)]
[TestFixture(QueueKind.RabbitMq)]
public sealed class StartRunTests(QueueKind queue)
{
    [Test]
    public async Task Answers_where_the_run_is_to_be_found()
    {
        var tenant = await TestApp.NewTenant(queue);
        var agent = await tenant.Http.Agent(Runs.Echo);

        using var answer = await tenant.Http.PostAsync($"/v1/agents/{agent}/runs", Runs.Json("""{ "input": { "text": "hello" } }"""));
        var id = (await answer.Json(expected: 202)).GetProperty("id").GetGuid();
        var run = await tenant.Http.Drain(id);

        Assert.Multiple(() =>
        {
            Assert.That(answer.Headers.Location?.ToString(), Is.EqualTo($"/v1/runs/{id}"));
            Assert.That(run.GetProperty("output").ToString(), Is.EqualTo("""{"said":"hello"}"""));
            Assert.That(run.GetProperty("status").GetString(), Is.EqualTo("succeeded"));
            Assert.That((run.GetProperty("attempt").GetInt32(), run.GetProperty("steps_total").GetInt32(), run.GetProperty("steps_completed").GetInt32()), Is.EqualTo((1, 1, 1)));
            Assert.That(run.GetProperty("cost_micros").GetInt64(), Is.Zero);
            Assert.That(run.GetProperty("trigger_source").GetString(), Is.EqualTo("manual"));
        });
    }

    [Test]
    public async Task Refuses_an_input_that_does_not_fit_and_stores_nothing()
    {
        var tenant = await TestApp.NewTenant(queue);
        var agent = await tenant.Http.Agent(Runs.Echo, """, "input_schema": { "type": "object", "required": ["text"], "properties": { "text": { "type": "string" } } }""");

        using var answer = await tenant.Http.PostAsync($"/v1/agents/{agent}/runs", Runs.Json("""{ "input": { "text": 7 } }"""));
        var problem = await answer.Json(expected: 422);

        Assert.That(problem.GetProperty("errors")[0].GetProperty("pointer").GetString(), Is.EqualTo("/input/text"));
        Assert.That((await tenant.Http.GetFromJsonAsync<JsonElement>("/v1/runs")).GetProperty("items").GetArrayLength(), Is.Zero);
    }

    [TestCase("""{ "priority": 101 }""")]
    [TestCase("""{ "priority": -101 }""")]
    [TestCase("""{ "idempotency_key": "" }""")]
    [TestCase("""{ "idempotency_key": "with space" }""")]
    [TestCase("""{ "unknown": 1 }""")]
    public async Task Refuses_what_it_does_not_take(string body)
    {
        var tenant = await TestApp.NewTenant(queue);
        var agent = await tenant.Http.Agent(Runs.Echo);

        using var answer = await tenant.Http.PostAsync($"/v1/agents/{agent}/runs", Runs.Json(body));

        await answer.Json(expected: 422);
    }

    [Test]
    public async Task Knows_neither_strange_agents_nor_those_of_others()
    {
        var (ours, theirs) = (await TestApp.NewTenant(queue), await TestApp.NewTenant(queue));
        var agent = await theirs.Http.Agent(Runs.Echo);

        foreach (var name in new[] { agent, "nobody", Guid.CreateVersion7().ToString() })
        {
            using var answer = await ours.Http.PostAsync($"/v1/agents/{name}/runs", Runs.Json("{}"));
            await answer.Problem(404, "agent_not_found");
        }
    }

    [TestCase("deactivate", "agent_inactive")]
    [TestCase("archive", "agent_archived")]
    public async Task Starts_no_run_of_an_agent_that_is_switched_off(string verb, string code)
    {
        var tenant = await TestApp.NewTenant(queue);
        var agent = await tenant.Http.Agent(Runs.Echo);
        using (var off = await tenant.Http.PostAsync($"/v1/agents/{agent}/{verb}", null))
        {
            await off.Json(expected: 200);
        }

        using var answer = await tenant.Http.PostAsync($"/v1/agents/{agent}/runs", Runs.Json("{}"));

        await answer.Problem(409, code);
    }

    [Test]
    public async Task Makes_one_run_of_fifty_requests_with_one_key()
    {
        var tenant = await TestApp.NewTenant(queue);
        var agent = await tenant.Http.Agent(Runs.Echo);

        var runs = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => tenant.Http.Start(agent, """{ "idempotency_key": "once" }""")));

        Assert.That(runs.Distinct(), Has.Exactly(1).Items);
        Assert.That((await tenant.Http.GetFromJsonAsync<JsonElement>("/v1/runs")).GetProperty("items").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task Takes_the_key_from_the_header_as_well_and_refuses_it_for_another_body()
    {
        var tenant = await TestApp.NewTenant(queue);
        var agent = await tenant.Http.Agent(Runs.Echo);
        var first = await tenant.Http.Start(agent, """{ "idempotency_key": "k" }""");

        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/agents/{agent}/runs") { Content = Runs.Json("{}") };
        request.Headers.Add("Idempotency-Key", "k");
        using var repeat = await tenant.Http.SendAsync(request);
        using var other = await tenant.Http.PostAsync($"/v1/agents/{agent}/runs", Runs.Json("""{ "idempotency_key": "k", "input": { "text": "x" } }"""));

        Assert.That((await repeat.Json(expected: 202)).GetProperty("id").GetGuid(), Is.EqualTo(first));
        await other.Problem(422, "idempotency_key_reused");
    }

    [Test]
    public async Task Keeps_the_keys_of_different_people_apart()
    {
        var tenant = await TestApp.NewTenant(queue);
        var agent = await tenant.Http.Agent(Runs.Echo);
        var colleague = await tenant.Member("admin");
        var stranger = await TestApp.NewTenant(queue);
        const string Body = """{ "idempotency_key": "same" }""";

        Guid[] runs = [await tenant.Http.Start(agent, Body), await colleague.Http.Start(agent, Body), await stranger.Http.Start(await stranger.Http.Agent(Runs.Echo), Body)];

        Assert.That(runs, Is.Unique);
    }

    [Test]
    public async Task Lists_runs_without_gap_or_repeat()
    {
        var tenant = await TestApp.NewTenant(queue);
        var agent = await tenant.Http.Agent(Runs.Echo);
        var made = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => tenant.Http.Start(agent)));

        var (listed, cursor) = (new List<Guid>(), "");
        do
        {
            var page = await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/runs?limit=17{cursor}");
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(run => run.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : null;
        }
        while (cursor is not null);

        Assert.That(listed, Is.Unique);
        Assert.That(listed, Is.EquivalentTo(made));
    }

    [Test]
    public async Task Lists_by_agent_and_status()
    {
        var tenant = await TestApp.NewTenant(queue);
        var good = await tenant.Http.Agent(Runs.Echo);
        var run = (await tenant.Http.Run(good)).GetProperty("id").GetGuid();
        await tenant.Http.RunOnce("""{ "nodes": [{ "id": "no", "skill": "fail", "with": { "message": "No." } }] }""");

        Assert.That(await Listed($"agent={good}"), Is.EqualTo([run]));
        Assert.That(await Listed("status=succeeded"), Is.EqualTo([run]));
        Assert.That(await Listed("status=queued"), Is.Empty);

        async Task<List<Guid>> Listed(string filter) =>
            [.. (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/runs?{filter}")).GetProperty("items").EnumerateArray().Select(view => view.GetProperty("id").GetGuid())];
    }

    [Test]
    public async Task Fails_a_run_whose_deadline_has_passed_before_it_began()
    {
        var tenant = await TestApp.NewTenant(queue);

        var run = await tenant.Http.RunOnce(Runs.Echo, """{ "deadline": "2020-01-01T00:00:00Z" }""");

        Assert.That((run.GetProperty("status").GetString(), run.GetProperty("error").GetProperty("code").GetString()), Is.EqualTo(("failed", "deadline_exceeded")));
    }
}
