using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Integration.Execution;

/// <summary>Graphs end to end: branches, failures, retries, limits.</summary>
[TestFixture]
public sealed class RunGraphTests
{
    [TestCase(1, "low")]
    [TestCase(9, "high")]
    public async Task Takes_the_branch_of_the_switch_and_merges(int n, string expected)
    {
        var tenant = await TestApp.NewTenant();

        var run = await tenant.Http.RunOnce("""
            {
              "nodes": [
                { "id": "route", "skill": "switch", "with": { "cases": [{ "name": "low", "when": "input.n < `5`" }], "default": "high" } },
                { "id": "low", "skill": "transform", "with": { "took": "low" } },
                { "id": "high", "skill": "transform", "with": { "took": "high" } },
                { "id": "both", "skill": "merge", "with": { "values": ["=low", "=high"] } }
              ],
              "edges": [{ "from": "route", "to": "low", "case": "low" }, { "from": "route", "to": "high", "case": "high" }, { "from": "low", "to": "both" }, { "from": "high", "to": "both" }]
            }
            """, $$"""{ "input": { "n": {{n}} } }""");

        Assert.That(run.GetProperty("output").GetProperty("took").GetString(), Is.EqualTo(expected));
        Assert.That(await tenant.Http.StepLines(run.GetProperty("id").GetGuid()), Has.One.EqualTo($"{(expected == "low" ? "high" : "low")}/0/skipped"));
    }

    [TestCase("\"fail\"", "failed", "null")]
    [TestCase("\"continue\"", "succeeded", """{"code":"no_stock","next":true,"rescue":null}""")]
    [TestCase("""{ "goto": "rescue" }""", "succeeded", """{"code":"no_stock","next":null,"rescue":true}""")]
    public async Task Handles_a_failure_as_the_node_says(string onError, string status, string output)
    {
        var tenant = await TestApp.NewTenant();

        var run = await tenant.Http.RunOnce($$"""
            {
              "nodes": [
                { "id": "no", "skill": "fail", "with": { "code": "no_stock", "message": "None left." }, "on_error": {{onError}} },
                { "id": "next", "skill": "transform", "with": { "ran": true } },
                { "id": "rescue", "skill": "transform", "with": { "ran": true } }
              ],
              "edges": [{ "from": "no", "to": "next" }, { "from": "next", "to": "rescue", "when": "`false` == `true`" }],
              "output": { "code": "=errors.no.code", "next": "=next.ran", "rescue": "=rescue.ran" }
            }
            """);

        Assert.That((run.GetProperty("status").GetString(), run.GetProperty("output").GetRawText()), Is.EqualTo((status, output)));
        if (status == "failed")
        {
            Assert.That((run.GetProperty("error").GetProperty("code").GetString(), run.GetProperty("current_node").GetString()), Is.EqualTo(("no_stock", "no")));
        }
    }

    [Test]
    public async Task Names_the_node_whose_expression_failed()
    {
        var tenant = await TestApp.NewTenant();

        var run = await tenant.Http.RunOnce("""{ "nodes": [{ "id": "sum", "skill": "transform", "with": { "n": "=abs(input.n)" } }] }""", """{ "input": { "n": "seven" } }""");

        Assert.That((run.GetProperty("error").GetProperty("code").GetString(), run.GetProperty("error").GetProperty("node").GetString()), Is.EqualTo(("expression_failed", "sum")));
    }

    [Test]
    public async Task Records_the_node_that_a_condition_failed()
    {
        var tenant = await TestApp.NewTenant();

        var run = await tenant.Http.RunOnce("""
            {
              "nodes": [{ "id": "a", "skill": "transform", "with": { "t": "x" } }, { "id": "b", "skill": "transform", "on_error": "continue" }],
              "edges": [{ "from": "a", "to": "b", "when": "abs(a.t)" }],
              "output": { "code": "=errors.b.code" }
            }
            """);

        Assert.That(run.GetProperty("output").GetProperty("code").GetString(), Is.EqualTo("condition_failed"));
        Assert.That(await tenant.Http.StepLines(run.GetProperty("id").GetGuid()), Is.EqualTo(["a/1/succeeded", "b/0/failed"]));
    }

    [Test]
    public async Task Fails_where_the_output_cannot_be_made()
    {
        var tenant = await TestApp.NewTenant();

        var run = await tenant.Http.RunOnce("""{ "nodes": [{ "id": "a", "skill": "transform", "with": { "t": "x" } }], "output": { "n": "=abs(a.t)" } }""");

        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("output_failed"));
    }

    [Test]
    public async Task Tries_again_until_it_succeeds_with_the_same_key()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Start((number, http) =>
        {
            http.Response.StatusCode = number < 3 ? 503 : 200;
            return http.Response.WriteAsJsonAsync(new { number });
        });

        var run = await tenant.Http.RunOnce(Runs.Calling(peer, """, "retry": { "max_attempts": 4, "initial": "1ms" }"""));

        Assert.That(run.GetProperty("output").ToString(), Is.EqualTo("""{"number":3}"""), run.ToString());
        Assert.That(await tenant.Http.StepLines(run.GetProperty("id").GetGuid()), Is.EqualTo(["first/1/succeeded", "call/1/failed", "call/2/failed", "call/3/succeeded", "last/1/succeeded"]));
        Assert.That(peer.Keys.Distinct().Single(), Is.Not.Empty);
    }

    [TestCase(400, "", 1)]
    [TestCase(400, ", \"on\": [\"4xx\"]", 2)]
    [TestCase(429, "", 2)]
    public async Task Retries_what_the_policy_lists(int status, string on, int calls)
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Start((_, http) =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });

        var run = await tenant.Http.RunOnce(Runs.Calling(peer, $$""", "retry": { "max_attempts": 2, "initial": "1ms"{{on}} }"""));

        Assert.That((run.GetProperty("status").GetString(), peer.Keys.Count), Is.EqualTo(("failed", calls)), run.ToString());
    }

    [Test]
    public async Task Ends_a_step_that_takes_too_long()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();

        var run = await tenant.Http.RunOnce(Runs.Calling(peer, ", \"timeout\": 50"));

        Assert.That((run.GetProperty("error").GetProperty("code").GetString(), run.GetProperty("error").GetProperty("class").GetString()), Is.EqualTo(("timeout", "timeout")));
    }

    [Test]
    public async Task Ends_a_run_that_takes_too_long()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();

        var run = await tenant.Http.RunOnce(Runs.Calling(peer), more: ", \"limits\": { \"timeout_ms\": 100 }");

        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("deadline_exceeded"));
        Assert.That(await tenant.Http.StepLines(run.GetProperty("id").GetGuid()), Is.EqualTo(["first/1/succeeded", "call/1/canceled"]));
    }

    [Test]
    public async Task Cancels_what_is_under_way_when_another_branch_fails()
    {
        var tenant = await TestApp.NewTenant();
        await using var held = await Peer.Holding();
        await using var bad = await Peer.Start(async (_, http) =>
        {
            await held.Arrival();
            http.Response.StatusCode = 404;
        });

        var run = await tenant.Http.RunOnce($$"""
            {
              "nodes": [
                { "id": "held", "skill": "http_request", "with": { "method": "POST", "url": "{{held.Url}}" } },
                { "id": "bad", "skill": "http_request", "with": { "method": "POST", "url": "{{bad.Url}}" } }
              ]
            }
            """);

        Assert.That((run.GetProperty("status").GetString(), run.GetProperty("current_node").GetString()), Is.EqualTo(("failed", "bad")));
        Assert.That(await tenant.Http.StepLines(run.GetProperty("id").GetGuid()), Is.EquivalentTo(["held/1/canceled", "bad/1/failed"]));
    }

    [Test]
    public async Task Fails_a_step_whose_output_is_too_large()
    {
        var tenant = await TestApp.NewTenant();
        var fives = string.Join(',', Enumerable.Repeat("\"=input.text\"", 5));

        var run = await tenant.Http.RunOnce($$"""{ "nodes": [{ "id": "many", "skill": "transform", "with": { "all": [{{fives}}] } }] }""",
            $$"""{ "input": { "text": "{{new string('x', 1000 * 1000)}}" } }""");

        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("output_too_large"));
    }

    [Test]
    public async Task Says_of_the_sandbox_model_that_it_is_simulated_and_imitates_no_other()
    {
        var tenant = await TestApp.NewTenant();

        var simulated = await tenant.Http.RunOnce("""{ "nodes": [{ "id": "ask", "skill": "llm", "with": { "model": "sandbox/echo", "prompt": "Hello" } }] }""");
        var other = await tenant.Http.RunOnce("""{ "nodes": [{ "id": "ask", "skill": "llm", "with": { "model": "nobody/gpt-4o", "prompt": "Hello" } }] }""");

        Assert.That((simulated.GetProperty("output").GetProperty("simulated").GetBoolean(), other.GetProperty("error").GetProperty("code").GetString()), Is.EqualTo((true, "model_unknown")));
    }

    [Test]
    public async Task Survives_an_output_that_nests_deeper_than_anyone_reads()
    {
        var tenant = await TestApp.NewTenant();
        var ids = Enumerable.Range(0, 150).Select(i => $"n{i}").ToList();
        var nodes = ids.Select((id, i) => $$"""{ "id": "{{id}}", "skill": "transform", "with": { "in": {{(i == 0 ? "1" : $"\"={ids[i - 1]}\"")}} } }""");
        var edges = ids.Zip(ids.Skip(1), (from, to) => $$"""{ "from": "{{from}}", "to": "{{to}}" }""");

        var run = await tenant.Http.RunOnce($$"""{ "nodes": [{{string.Join(',', nodes)}}], "edges": [{{string.Join(',', edges)}}] }""");

        Assert.That(run.GetProperty("status").GetString(), Is.EqualTo("failed"), "Nobody could read it again.");
        Assert.That(await tenant.Http.Events(run.GetProperty("id").GetGuid()), Is.Not.Empty);
    }
}
