using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>Control of runs that nodes execute, end to end.</summary>
[TestFixture]
public sealed class RunControlTests
{
    const string ForSignal = """
        {
          "nodes": [{ "id": "pause", "skill": "wait", "with": { "signal": "go" } }, { "id": "after", "skill": "transform", "with": { "heard": "=pause.payload.word" } }],
          "edges": [{ "from": "pause", "to": "after" }]
        }
        """;

    [Test]
    public async Task A_canceled_run_ends_in_the_middle_of_a_call()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var run = await tenant.Http.Start(await tenant.Http.Agent(Runs.Calling(peer)));
        await peer.Arrival();

        await tenant.Http.Post($"/v1/runs/{run}/cancel", """{ "reason": "Enough." }""");
        var view = await tenant.Http.Drain(run);

        Assert.That((view.GetProperty("status").GetString(), view.GetProperty("error").GetProperty("code").GetString(), view.GetProperty("error").GetProperty("message").GetString()),
            Is.EqualTo(("canceled", "canceled", "Enough.")));
        Assert.That(view.GetProperty("error").GetProperty("by").ValueKind, Is.EqualTo(JsonValueKind.String));
        Assert.That(await tenant.Http.StepLines(run), Is.EqualTo(["first/1/succeeded", "call/1/canceled"]));
    }

    [Test]
    public async Task A_cancel_that_meets_the_end_leaves_one_final_state()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Counting();
        var agent = await tenant.Http.Agent(Runs.Calling(peer));
        var random = new Random(20_261_122);
        var canceled = 0;
        for (var i = 0; i < 200; i++)
        {
            var run = await tenant.Http.Start(agent);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 8)));
            using var answer = await tenant.Http.PostAsync($"/v1/runs/{run}/cancel", null);
            var first = await tenant.Http.Drain(run);
            var status = first.GetProperty("status").GetString();
            Assert.That((int)answer.StatusCode, Is.AnyOf(202, 409));
            Assert.That(status, (int)answer.StatusCode == 409 ? Is.EqualTo("succeeded") : Is.AnyOf("canceled", "succeeded"));
            Assert.That((await tenant.Http.View(run)).ToString(), Is.EqualTo(first.ToString()), "What is final stays so.");
            canceled += status == "canceled" ? 1 : 0;
        }

        Assert.That(canceled, Is.InRange(1, 199), "Both must have happened for this to say anything.");
        Assert.That(await Sql.Scalar<long>(tenant.App.Database.Engine, "select count(*) from execution.run_queue where tenant_id = $1", tenant.Id), Is.Zero);
    }

    [Test]
    public async Task A_waiting_parent_and_the_child_that_it_waits_for_are_canceled_together()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var child = await tenant.Http.Agent(Runs.Calling(peer));
        var parent = await tenant.Http.Start(await tenant.Http.Agent($$"""{ "nodes": [{ "id": "ask", "skill": "agent", "with": { "agent": "{{child}}" } }] }"""));
        await peer.Arrival();
        await tenant.Http.Until(parent, "waiting");

        var view = await tenant.Http.Post($"/v1/runs/{parent}/cancel");

        Assert.That(view.GetProperty("status").GetString(), Is.EqualTo("canceled"), "nobody executes the parent");
        Assert.That(await tenant.Http.StepLines(parent), Is.EqualTo(["ask/1/canceled"]));
        var below = await Sql.Scalar<Guid>(tenant.App.Database.Engine, "select id from execution.runs where parent_run_id = $1", parent);
        Assert.That((await tenant.Http.Drain(below)).GetProperty("status").GetString(), Is.EqualTo("canceled"));
    }

    [Test]
    public async Task A_run_pauses_at_its_next_step_boundary_and_goes_on_where_it_stood()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var run = await tenant.Http.Start(await tenant.Http.Agent(Runs.Calling(peer)));
        await peer.Arrival();

        await tenant.Http.Post($"/v1/runs/{run}/pause");
        peer.Gate.SetResult();
        await tenant.Http.Until(run, "paused");
        Assert.That(await tenant.Http.StepLines(run), Is.EqualTo(["first/1/succeeded", "call/1/succeeded"]));

        await tenant.Http.Post($"/v1/runs/{run}/resume");
        var view = await tenant.Http.Drain(run);
        Assert.That(view.GetProperty("output").GetRawText(), Is.EqualTo("""{"number":1}"""), view.GetRawText());
        Assert.That(peer.Keys, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_pause_that_is_taken_back_in_time_changes_nothing()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var run = await tenant.Http.Start(await tenant.Http.Agent(Runs.Calling(peer)));
        await peer.Arrival();

        await tenant.Http.Post($"/v1/runs/{run}/pause");
        await tenant.Http.Post($"/v1/runs/{run}/resume");
        peer.Gate.SetResult();

        Assert.That((await tenant.Http.Drain(run)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
    }

    [Test]
    public async Task What_comes_in_while_a_run_is_paused_is_found_when_it_goes_on()
    {
        var tenant = await TestApp.NewTenant();
        var run = await tenant.Http.Start(await tenant.Http.Agent(ForSignal));
        await tenant.Http.Until(run, "waiting");

        await tenant.Http.Post($"/v1/runs/{run}/pause");
        await tenant.Http.Post($"/v1/runs/{run}/signals/go", """{ "payload": { "word": "now" } }""");
        Assert.That(await tenant.Http.Status(run), Is.EqualTo("paused"));
        await tenant.Http.Post($"/v1/runs/{run}/resume");

        Assert.That((await tenant.Http.Drain(run)).GetProperty("output").GetRawText(), Is.EqualTo("""{"heard":"now"}"""));
    }

    [Test]
    public async Task A_signal_reaches_the_run_that_waits_for_it()
    {
        var tenant = await TestApp.NewTenant();
        var run = await tenant.Http.Start(await tenant.Http.Agent(ForSignal));
        await tenant.Http.Until(run, "waiting");

        var sent = await tenant.Http.Post($"/v1/runs/{run}/signals/go", """{ "payload": { "word": "here" } }""");

        Assert.That(sent.GetProperty("name").GetString(), Is.EqualTo("go"));
        Assert.That((await tenant.Http.Drain(run)).GetProperty("output").GetRawText(), Is.EqualTo("""{"heard":"here"}"""));
        await tenant.Http.Refused($"/v1/runs/{run}/signals/go", 409, "run_finished");
    }

    [Test]
    public async Task A_signal_has_a_name_and_a_size()
    {
        var tenant = await TestApp.NewTenant();
        var run = await tenant.Http.Start(await tenant.Http.Agent(ForSignal));

        await tenant.Http.Refused($"/v1/runs/{run}/signals/no%20name", 422, "invalid");
        using var answer = await tenant.Http.PostAsync($"/v1/runs/{run}/signals/go", Runs.Json($$"""{ "payload": "{{new string('x', 256 * 1024)}}" }"""));
        var problem = await answer.Json(422);
        Assert.That(problem.GetProperty("errors")[0].GetProperty("pointer").GetString(), Is.EqualTo("/payload"));
        Assert.That(problem.GetProperty("errors")[0].GetProperty("message").GetString(), Does.Contain("262144"));
    }

    /// <summary>No node is told: the row alone says that the run is to rest, and its next checkpoint reads it.</summary>
    [Test]
    public async Task A_request_whose_notification_was_lost_is_heard_with_the_next_checkpoint()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var run = await tenant.Http.Start(await tenant.Http.Agent(Runs.Calling(peer)));
        await peer.Arrival();

        await Sql.Execute((await TestApp.Shared()).Database.Engine, "update execution.run_queue set pause_requested = true, wakes = wakes + 1 where run_id = $1", run);
        peer.Gate.SetResult();
        await tenant.Http.Until(run, "paused");

        Assert.That(await tenant.Http.StepLines(run), Is.EqualTo(["first/1/succeeded", "call/1/succeeded"]));
    }

    [Test]
    public async Task The_runs_of_a_paused_agent_stand_still_wherever_they_are_and_all_go_on()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var agent = await tenant.Http.Agent(Runs.Calling(peer));
        var underWay = await tenant.Http.Start(agent);
        await peer.Arrival();

        await tenant.Http.Post($"/v1/agents/{agent}/pause");
        var fresh = await tenant.Http.Start(agent);

        // Only when all runs were asked: one that ends before its turn has come is not paused any more.
        var state = await Eventually.Get(() => tenant.Http.Post($"/v1/agents/{agent}/pause"), pause => pause.GetProperty("state").GetString() == "paused");
        Assert.That(state.GetProperty("state").GetString(), Is.EqualTo("paused"));
        peer.Gate.SetResult();
        await tenant.Http.Until(underWay, "paused");
        await tenant.Http.Until(fresh, "paused");

        await tenant.Http.Post($"/v1/agents/{agent}/resume");
        Assert.That((await tenant.Http.Drain(underWay)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        Assert.That((await tenant.Http.Drain(fresh)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
    }

    [Test]
    public async Task A_brief_run_of_a_paused_agent_is_accepted_and_waits()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        await tenant.Http.Run(agent);
        await tenant.Http.Post($"/v1/agents/{agent}/pause");

        // A node hears of it with the next notification; until then it is as if the run had come a moment earlier.
        var (run, status) = await Eventually.Get(() => StartAndLook(tenant, agent), started => started.Status == "paused");

        Assert.That(status, Is.EqualTo("paused"));
        await tenant.Http.Post($"/v1/agents/{agent}/resume");
        Assert.That((await tenant.Http.Drain(run)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
    }

    [Test]
    public async Task An_override_completes_a_step_that_waits()
    {
        var tenant = await TestApp.NewTenant();
        var run = await tenant.Http.Start(await tenant.Http.Agent(ForSignal));
        await tenant.Http.Until(run, "waiting");

        using var answer = await tenant.Http.PutAsync($"/v1/runs/{run}/steps/pause/output", Runs.Json("""{ "output": { "payload": { "word": "by hand" } } }"""));
        await answer.Json(200);

        Assert.That((await tenant.Http.Drain(run)).GetProperty("output").GetRawText(), Is.EqualTo("""{"heard":"by hand"}"""));
        var step = (await tenant.Http.Steps(run))[0];
        Assert.That((step.GetProperty("status").GetString(), step.GetProperty("overridden_by").ValueKind), Is.EqualTo(("succeeded", JsonValueKind.String)));
        Assert.That(await tenant.AuditActions(), Has.One.EqualTo("run.step_overridden"));
        Assert.That((await tenant.Http.Events(run)).Select(what => what.Name), Is.EquivalentTo(["run.started", "step.started", "step.finished", "step.started", "step.finished", "run.finished"]));
    }

    [Test]
    public async Task An_override_completes_a_step_that_waits_beside_another_that_is_under_way()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var run = await tenant.Http.Start(await tenant.Http.Agent($$"""
            {
              "nodes": [{ "id": "ask", "skill": "wait", "with": { "signal": "go" } }, { "id": "also", "skill": "wait", "with": { "signal": "call" } },
                { "id": "call", "skill": "http_request", "with": { "url": "{{peer.Url}}" } }],
              "edges": [{ "from": "also", "to": "call" }],
              "output": { "asked": "=ask", "number": "=call.body.number" }
            }
            """));
        await tenant.Http.Until(run, "waiting");
        await tenant.Http.Post($"/v1/runs/{run}/signals/call");
        await peer.Arrival();

        using var answer = await tenant.Http.PutAsync($"/v1/runs/{run}/steps/ask/output", Runs.Json("""{ "output": "by hand" }"""));
        await answer.Json(200);
        peer.Gate.SetResult();

        Assert.That((await tenant.Http.Drain(run)).GetProperty("output").GetRawText(), Is.EqualTo("""{"asked":"by hand","number":1}"""));
    }

    [Test]
    public async Task A_step_of_a_run_under_way_is_not_overridden()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var run = await tenant.Http.Start(await tenant.Http.Agent($$"""
            {
              "nodes": [{ "id": "pause", "skill": "wait", "with": { "for": "200ms" } }, { "id": "call", "skill": "http_request", "with": { "url": "{{peer.Url}}" } }],
              "edges": [{ "from": "pause", "to": "call" }]
            }
            """));
        await peer.Arrival();

        using var none = await tenant.Http.PutAsync($"/v1/runs/{run}/steps/nothing/output", Runs.Json("""{ "output": 1 }"""));
        await none.Problem(404, "step_not_found");
        await (await TestApp.NewTenant()).Http.Refused($"/v1/runs/{run}/signals/go", 404, "run_not_found");
        await tenant.Http.Post($"/v1/runs/{run}/cancel");
        await tenant.Http.Drain(run);
    }

    static async Task<(Guid Run, string Status)> StartAndLook(TestTenant tenant, string agent)
    {
        var run = await tenant.Http.Start(agent);
        return (run, await tenant.Http.Status(run));
    }
}
