using System.Text.Json;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Integration.Execution;

/// <summary>Runs that run again, whole or in part.</summary>
[TestFixture]
public sealed class ForkTests
{
    [Test]
    public async Task A_replay_runs_everything_anew_on_the_same_input()
    {
        var tenant = await TestApp.NewTenant();
        var former = await tenant.Http.RunOnce(Runs.Echo, """{ "input": { "text": "again" } }""");

        var replay = await tenant.Http.Post($"/v1/runs/{Id(former)}/replay");
        var run = await tenant.Http.Drain(Id(replay));

        Assert.That((run.GetProperty("output").GetRawText(), run.GetProperty("trigger_source").GetString(), run.GetProperty("replay_of_run_id").GetGuid()),
            Is.EqualTo(("""{"said":"again"}""", "replay", Id(former))));
        Assert.That(replay.GetProperty("steps_reused").GetInt32(), Is.Zero);
        Assert.That(await tenant.AuditActions(), Has.One.EqualTo("run.replayed"));
    }

    [Test]
    public async Task A_replay_takes_another_input_if_it_fits()
    {
        var tenant = await TestApp.NewTenant();
        var former = await tenant.Http.RunOnce(Runs.Echo, """{ "input": { "text": "one" } }""",
            """, "input_schema": { "type": "object", "properties": { "text": { "type": "string" } } }""");

        await tenant.Http.Refused($"/v1/runs/{Id(former)}/replay", 422, "invalid", """{ "input": { "text": 2 } }""");
        var run = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/runs/{Id(former)}/replay", """{ "input": { "text": "two" } }""")));

        Assert.That(run.GetProperty("output").GetRawText(), Is.EqualTo("""{"said":"two"}"""));
    }

    [Test]
    public async Task A_fork_repeats_the_node_and_what_follows_and_nothing_before_it()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Counting();
        var former = await tenant.Http.RunOnce(Runs.Calling(peer));

        var after = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/runs/{Id(former)}/replay", """{ "from_node": "last" }""")));
        Assert.That((after.GetProperty("output").GetRawText(), peer.Keys.Count), Is.EqualTo(("""{"number":1}""", 1)), "the call stands");
        Assert.That(await tenant.Http.StepLines(Id(after)), Is.EqualTo(["first/1/succeeded", "call/1/succeeded", "last/1/succeeded"]));
        Assert.That((await tenant.Http.Steps(Id(after))).Select(step => step.GetProperty("reused_from").ToString()), Is.EqualTo([Id(former).ToString(), Id(former).ToString(), ""]));

        var at = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/runs/{Id(former)}/replay", """{ "from_node": "call" }""")));
        Assert.That((at.GetProperty("output").GetRawText(), peer.Keys.Count), Is.EqualTo(("""{"number":2}""", 2)), "the call is made again");
        Assert.That(at.GetProperty("steps_completed").GetInt32(), Is.EqualTo(3));
    }

    [Test]
    public async Task A_preview_says_what_is_saved_and_stores_nothing()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Counting();
        var former = await tenant.Http.RunOnce(Runs.Calling(peer));

        var preview = await tenant.Http.Post($"/v1/runs/{Id(former)}/replay", """{ "from_node": "last", "dry_run": true }""", expected: 200);

        Assert.That(preview.GetProperty("reused").EnumerateArray().Select(node => node.GetProperty("node_id").GetString()), Is.EquivalentTo(["first", "call"]));
        Assert.That(preview.GetProperty("rerun").EnumerateArray().Select(node => node.GetString()), Is.EqualTo(["last"]));
        Assert.That((preview.GetProperty("steps_saved").GetInt32(), preview.GetProperty("cost_saved_micros").GetInt64()), Is.EqualTo((2, 0)));
        Assert.That(await Count(tenant), Is.EqualTo(1));
    }

    [Test]
    public async Task A_fork_of_a_fork_goes_back_to_the_first_run_and_heeds_overrides()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Counting();
        var former = await tenant.Http.RunOnce(Runs.Calling(peer));
        var fork = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/runs/{Id(former)}/replay", """{ "from_node": "last" }""")));

        using (var overridden = await tenant.Http.PutAsync($"/v1/runs/{Id(fork)}/steps/call/output", Runs.Json("""{ "output": { "body": { "number": 42 } } }""")))
        {
            await overridden.Json(200);
        }

        var second = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/runs/{Id(fork)}/replay", """{ "from_node": "last" }""")));
        Assert.That(second.GetProperty("output").GetRawText(), Is.EqualTo("""{"number":42}"""));
        Assert.That((await tenant.Http.Steps(Id(second)))[1].GetProperty("reused_from").GetGuid(), Is.EqualTo(Id(former)));

        var untouched = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/runs/{Id(former)}/replay", """{ "from_node": "last" }""")));
        Assert.That(untouched.GetProperty("output").GetRawText(), Is.EqualTo("""{"number":1}"""), "the first run's own step is as it was");
        Assert.That(peer.Keys, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_fork_may_run_a_newer_version()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Counting();
        var agent = await tenant.Http.Agent(Runs.Calling(peer));
        var former = await tenant.Http.Run(agent);
        var better = Runs.Calling(peer).Replace("\"number\": \"=call.body.number\"", "\"twice\": \"=call.body.number * `2`\"", StringComparison.Ordinal);
        using (var version = await tenant.Http.PostAsync($"/v1/agents/{agent}/versions", Runs.Json($$"""{ "graph": {{better}} }""")))
        {
            await version.Json(201);
        }

        await tenant.Http.Refused($"/v1/runs/{Id(former)}/replay", 422, "invalid", """{ "from_node": "gone", "version": "latest" }""");
        var run = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/runs/{Id(former)}/replay", """{ "from_node": "last", "version": "latest" }""")));

        Assert.That((run.GetProperty("output").GetRawText(), peer.Keys.Count), Is.EqualTo(("""{"twice":2}""", 1)), run.GetRawText());
    }

    [Test]
    public async Task A_redriven_run_goes_on_after_its_last_good_step()
    {
        var tenant = await TestApp.NewTenant();
        await using var good = await Peer.Counting();
        await using var bad = await Peer.Start((number, http) =>
        {
            http.Response.StatusCode = number == 1 ? 400 : 200;
            return http.Response.WriteAsJsonAsync(new { number });
        });
        var former = await tenant.Http.RunOnce($$"""
            {
              "nodes": [
                { "id": "good", "skill": "http_request", "with": { "method": "POST", "url": "{{good.Url}}" } },
                { "id": "bad", "skill": "http_request", "with": { "method": "POST", "url": "{{bad.Url}}" } }
              ],
              "edges": [{ "from": "good", "to": "bad" }],
              "output": { "good": "=good.body.number", "bad": "=bad.body.number" }
            }
            """);
        Assert.That(former.GetProperty("status").GetString(), Is.EqualTo("failed"));

        var redriven = await tenant.Http.Post($"/v1/runs/{Id(former)}/redrive");
        var run = await tenant.Http.Drain(Id(redriven));

        Assert.That(redriven.GetProperty("steps_reused").GetInt32(), Is.EqualTo(1));
        Assert.That((run.GetProperty("output").GetRawText(), good.Keys.Count, bad.Keys.Count), Is.EqualTo(("""{"good":1,"bad":2}""", 1, 2)), run.GetRawText());
        await tenant.Http.Refused($"/v1/runs/{Id(run)}/redrive", 409, "run_not_failed");
        Assert.That((await tenant.Http.GetAsync("/v1/runs?error_code=none")).IsSuccessStatusCode);
    }

    [Test]
    public async Task A_redriven_foreach_repeats_only_the_items_that_failed()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Start((number, http) =>
        {
            http.Response.StatusCode = number == 3 ? 400 : 200;
            return http.Response.WriteAsJsonAsync(new { number });
        });
        var former = await tenant.Http.RunOnce($$"""
            {
              "nodes": [{
                "id": "each", "skill": "foreach", "with": {
                  "items": "=[`1`, `2`, `3`]", "concurrency": 1,
                  "body": { "nodes": [{ "id": "call", "skill": "http_request", "with": { "method": "POST", "url": "{{peer.Url}}" } }], "output": "=call.body.number" }
                }
              }]
            }
            """);
        Assert.That((former.GetProperty("status").GetString(), peer.Keys.Count), Is.EqualTo(("failed", 3)), former.GetRawText());

        var run = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/runs/{Id(former)}/redrive")));

        Assert.That((run.GetProperty("status").GetString(), peer.Keys.Count), Is.EqualTo(("succeeded", 4)), run.GetRawText());
        Assert.That(run.GetProperty("output").GetRawText(), Does.Contain("1,2,4"));
    }

    [Test]
    public async Task A_fork_whose_node_is_taken_over_survives_being_taken_up_twice()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Counting();
        var former = await tenant.Http.RunOnce($$"""
            {
              "nodes": [
                { "id": "call", "skill": "http_request", "with": { "method": "POST", "url": "{{peer.Url}}" } },
                { "id": "nap", "skill": "wait", "with": { "for": "200ms" } },
                { "id": "last", "skill": "transform", "with": { "number": "=call.body.number" } }
              ],
              "edges": [{ "from": "call", "to": "nap" }, { "from": "nap", "to": "last" }]
            }
            """);

        var run = await tenant.Http.Drain(Id(await tenant.Http.Post($"/v1/runs/{Id(former)}/replay", """{ "from_node": "nap" }""")));

        Assert.That((run.GetProperty("output").GetRawText(), run.GetProperty("attempt").GetInt32(), peer.Keys.Count), Is.EqualTo(("""{"number":1}""", 2, 1)), run.GetRawText());
    }

    static Guid Id(JsonElement run) => run.GetProperty("id").GetGuid();

    static async Task<long> Count(TestTenant tenant) =>
        await Sql.Scalar<long>(tenant.App.Database.Engine, $"select count(*) from execution.runs where tenant_id = '{tenant.Id}'");
}
