using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>Control of runs that no node executes, on a program that executes none.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class QueuedRunsTests
{
    TestApp app = null!;

    [OneTimeSetUp]
    public async Task Start() => app = await Control.WithoutWorkers();

    [OneTimeTearDown]
    public async Task Stop() => await app.DisposeAsync();

    [Test]
    public async Task A_canceled_run_ends_at_once_and_says_who_and_why()
    {
        var (tenant, run) = await Queued();

        var view = await tenant.Http.Post($"/v1/runs/{run}/cancel", """{ "reason": "No longer wanted." }""");

        var error = view.GetProperty("error");
        Assert.That((view.GetProperty("status").GetString(), error.GetProperty("code").GetString(), error.GetProperty("message").GetString()),
            Is.EqualTo(("canceled", "canceled", "No longer wanted.")));
        using var me = await tenant.Http.GetAsync("/v1/me");
        Assert.That(error.GetProperty("by").GetString(), Is.EqualTo((await me.Json(200)).GetProperty("user").GetProperty("id").GetString()));
        Assert.That(view.GetProperty("finished_at").ValueKind, Is.EqualTo(JsonValueKind.String));
        Assert.That(await InQueue(run), Is.Zero);
        Assert.That(await tenant.AuditActions(), Has.One.EqualTo("run.canceled"));
    }

    [Test]
    public async Task Canceling_again_changes_nothing()
    {
        var (tenant, run) = await Queued();
        var first = await tenant.Http.Post($"/v1/runs/{run}/cancel", """{ "reason": "First." }""");

        var second = await tenant.Http.Post($"/v1/runs/{run}/cancel", """{ "reason": "Second." }""");

        Assert.That(second.ToString(), Is.EqualTo(first.ToString()));
        Assert.That(await tenant.AuditActions(), Has.One.EqualTo("run.canceled"));
    }

    [Test]
    public async Task A_paused_run_stands_still_until_it_is_resumed()
    {
        var (tenant, run) = await Queued();

        var paused = await tenant.Http.Post($"/v1/runs/{run}/pause");
        var again = await tenant.Http.Post($"/v1/runs/{run}/pause");
        Assert.That((paused.GetProperty("status").GetString(), again.GetProperty("status").GetString(), await Parked(run)), Is.EqualTo(("paused", "paused", true)));

        var resumed = await tenant.Http.Post($"/v1/runs/{run}/resume");
        Assert.That((resumed.GetProperty("status").GetString(), await Parked(run)), Is.EqualTo(("queued", false)));
        Assert.That(await tenant.AuditActions(), Is.SupersetOf(new[] { "run.paused", "run.resumed" }));
    }

    [Test]
    public async Task A_signal_wakes_no_run_that_is_paused()
    {
        var (tenant, run) = await Queued();
        await tenant.Http.Post($"/v1/runs/{run}/pause");

        await tenant.Http.Post($"/v1/runs/{run}/signals/go", """{ "payload": { "n": 1 } }""");

        Assert.That((await tenant.Http.Status(run), await Parked(run)), Is.EqualTo(("paused", true)));
        Assert.That(await Sql.Scalar<string>(app.Database.Engine, $"select payload::text from execution.run_signals where run_id = '{run}'"), Is.EqualTo("""{ "n": 1 }"""));
    }

    [Test]
    public async Task A_paused_run_can_be_canceled()
    {
        var (tenant, run) = await Queued();
        await tenant.Http.Post($"/v1/runs/{run}/pause");

        var view = await tenant.Http.Post($"/v1/runs/{run}/cancel");

        Assert.That(view.GetProperty("status").GetString(), Is.EqualTo("canceled"));
    }

    [Test]
    public async Task Children_are_canceled_paused_and_resumed_with_their_parent()
    {
        var (tenant, run) = await Queued();
        var child = await tenant.Http.Start(await tenant.Http.Agent(Runs.Echo));
        var grandchild = await tenant.Http.Start(await tenant.Http.Agent(Runs.Echo));
        await Sql.Execute(app.Database.Owner, $"update execution.runs set parent_run_id = '{run}' where id = '{child}'; update execution.runs set parent_run_id = '{child}' where id = '{grandchild}'");

        await tenant.Http.Post($"/v1/runs/{run}/pause");
        Assert.That((await tenant.Http.Status(child), await tenant.Http.Status(grandchild)), Is.EqualTo(("paused", "paused")));
        await tenant.Http.Post($"/v1/runs/{run}/resume");
        Assert.That((await tenant.Http.Status(child), await tenant.Http.Status(grandchild)), Is.EqualTo(("queued", "queued")));
        await tenant.Http.Post($"/v1/runs/{run}/cancel");
        Assert.That((await tenant.Http.Status(child), await tenant.Http.Status(grandchild)), Is.EqualTo(("canceled", "canceled")));
    }

    [Test]
    public async Task What_has_ended_takes_nothing_more()
    {
        var (tenant, run) = await Queued();
        await tenant.Http.Post($"/v1/runs/{run}/cancel");

        foreach (var verb in new[] { "pause", "resume", "signals/go" })
        {
            await tenant.Http.Refused($"/v1/runs/{run}/{verb}", 409, "run_finished");
        }

        using var patched = await tenant.Http.PatchAsync($"/v1/runs/{run}", Runs.Json("""{ "priority": 1 }"""));
        await patched.Problem(409, "run_finished");
    }

    [Test]
    public async Task The_priority_of_a_queued_run_can_be_changed()
    {
        var (tenant, run) = await Queued();

        using var patched = await tenant.Http.PatchAsync($"/v1/runs/{run}", Runs.Json("""{ "priority": 7 }"""));

        Assert.That((await patched.Json(200)).GetProperty("priority").GetInt32(), Is.EqualTo(7));
        Assert.That(await Sql.Scalar<short>(app.Database.Engine, $"select priority from execution.run_queue where run_id = '{run}'"), Is.EqualTo(7));
    }

    [Test]
    public async Task A_paused_agents_runs_wait_the_old_and_the_new_and_go_on_together()
    {
        var tenant = await app.Tenant();
        var (agent, other) = (await tenant.Http.Agent(Runs.Echo), await tenant.Http.Agent(Runs.Echo));
        var (before, bystander, own) = (await tenant.Http.Start(agent), await tenant.Http.Start(other), await tenant.Http.Start(agent));
        await tenant.Http.Post($"/v1/runs/{own}/pause");

        await tenant.Http.Post($"/v1/agents/{agent}/pause", """{ "reason": "Odd answers." }""");
        var after = await tenant.Http.Start(agent);
        Assert.That(await tenant.Http.Status(after), Is.EqualTo("paused"), "accepted, and waiting");
        await tenant.Http.Becomes(before, "paused");
        Assert.That(await tenant.Http.Status(bystander), Is.EqualTo("queued"));
        await tenant.Http.Refused($"/v1/runs/{before}/resume", 409, "agent_paused");

        await tenant.Http.Post($"/v1/agents/{agent}/resume");
        await tenant.Http.Becomes(before, "queued");
        await tenant.Http.Becomes(after, "queued");
        Assert.That(await tenant.Http.Status(own), Is.EqualTo("paused"), "it was paused for itself");
        Assert.That(await tenant.Http.Status(await tenant.Http.Start(agent)), Is.EqualTo("queued"));
        Assert.That(await tenant.AuditActions(), Is.SupersetOf(new[] { "agent.paused", "agent.resumed" }));
    }

    [Test]
    public async Task No_run_slips_through_while_its_agent_is_being_paused()
    {
        var tenant = await app.Tenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        for (var round = 0; round < 5; round++)
        {
            var starts = Enumerable.Range(0, 20).Select(_ => tenant.Http.Start(agent)).ToList();
            await tenant.Http.Post($"/v1/agents/{agent}/pause");
            var runs = await Task.WhenAll(starts);
            foreach (var run in runs)
            {
                await tenant.Http.Becomes(run, "paused");
            }

            await tenant.Http.Post($"/v1/agents/{agent}/resume");
            foreach (var run in runs)
            {
                await tenant.Http.Becomes(run, "queued");
            }
        }
    }

    [Test]
    public async Task A_run_that_never_began_fails_at_its_deadline()
    {
        var tenant = await app.Tenant();
        var run = await tenant.Http.Start(await tenant.Http.Agent(Runs.Echo), """{ "deadline": "2020-01-01T00:00:00Z" }""");

        var view = await tenant.Http.Drain(run);

        Assert.That((view.GetProperty("status").GetString(), view.GetProperty("error").GetProperty("code").GetString()), Is.EqualTo(("failed", "deadline_exceeded")));
    }

    [Test]
    public async Task A_bulk_cancel_ends_thousands_and_only_those_that_it_found()
    {
        var tenant = await app.Tenant();
        var (agent, other) = (await tenant.Http.Agent(Runs.Echo), await tenant.Http.Agent(Runs.Echo));
        await app.Queue(tenant, agent, 2_500);
        var bystander = await tenant.Http.Start(other);

        var started = await tenant.Http.Post("/v1/runs/bulk/cancel", $$"""{ "filter": { "agent": "{{agent}}", "status": "queued" }, "reason": "All of them." }""");
        var done = await Drain(tenant, started.GetProperty("id").GetGuid());

        Assert.That((done.GetProperty("status").GetString(), done.GetProperty("total").GetInt32(), done.GetProperty("done").GetInt32(), done.GetProperty("failed").GetInt32()),
            Is.EqualTo(("done", 2_500, 2_500, 0)));
        Assert.That(await Sql.Scalar<long>(app.Database.Engine, $"select count(*) from execution.runs where tenant_id = '{tenant.Id}' and status = 'canceled' and error ->> 'message' = 'All of them.'"),
            Is.EqualTo(2_500));
        Assert.That(await tenant.Http.Status(bystander), Is.EqualTo("queued"));
    }

    [Test]
    public async Task A_bulk_replay_makes_one_new_run_of_each()
    {
        var tenant = await app.Tenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        await app.Queue(tenant, agent, 450);
        await Drain(tenant, (await tenant.Http.Post("/v1/runs/bulk/cancel", $$"""{ "filter": { "agent": "{{agent}}" } }""")).GetProperty("id").GetGuid());

        var started = await tenant.Http.Post("/v1/runs/bulk/replay", $$"""{ "filter": { "agent": "{{agent}}", "error_code": "canceled" } }""");
        var done = await Drain(tenant, started.GetProperty("id").GetGuid());

        Assert.That((done.GetProperty("done").GetInt32(), done.GetProperty("failed").GetInt32()), Is.EqualTo((450, 0)));
        Assert.That(await Sql.Scalar<string>(app.Database.Engine, $"""
            select count(*) || ' of ' || count(distinct replay_of_run_id) || ' ' || min(input ->> 'text') from execution.runs
            where tenant_id = '{tenant.Id}' and trigger_source = 'replay' and status = 'queued'
            """), Is.EqualTo("450 of 450 hello"));
    }

    [Test]
    public async Task A_bulk_operation_needs_a_filter_and_can_be_stopped()
    {
        var tenant = await app.Tenant();
        await tenant.Http.Refused("/v1/runs/bulk/cancel", 422, "invalid", """{ "filter": {} }""");
        await tenant.Http.Refused("/v1/runs/bulk/replay", 422, "invalid", """{ "filter": { "status": "queued" } }""");
        var bulk = await tenant.Http.Post("/v1/runs/bulk/cancel", """{ "filter": { "status": "paused" } }""");
        var id = bulk.GetProperty("id").GetGuid();
        await Drain(tenant, id);

        await tenant.Http.Refused($"/v1/runs/bulk/{id}/cancel", 409, "bulk_finished");
        await (await app.Tenant()).Http.Refused($"/v1/runs/bulk/{id}/cancel", 404, "bulk_operation_not_found");
    }

    [Test]
    public async Task A_repeated_key_answers_the_same_replay_and_makes_no_second()
    {
        var (tenant, run) = await Queued();
        var answers = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/runs/{run}/replay") { Content = Runs.Json("{}") };
            request.Headers.Add("Idempotency-Key", "once");
            using var answer = await tenant.Http.SendAsync(request);
            answers.Add((await answer.Json(202)).GetProperty("id").GetString()!);
        }

        Assert.That(answers[0], Is.EqualTo(answers[1]));
        Assert.That((await tenant.Http.GetFromJsonAsync<JsonElement>("/v1/runs")).GetProperty("items").GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task Nobody_controls_the_runs_of_another_tenant()
    {
        var (_, run) = await Queued();
        var stranger = await app.Tenant();

        foreach (var verb in new[] { "cancel", "pause", "resume", "replay", "redrive", "signals/go" })
        {
            await stranger.Http.Refused($"/v1/runs/{run}/{verb}", 404, "run_not_found");
        }

        Assert.That(await InQueue(run), Is.EqualTo(1));
    }

    async Task<(TestTenant Tenant, Guid Run)> Queued()
    {
        var tenant = await app.Tenant();
        return (tenant, await tenant.Http.Start(await tenant.Http.Agent(Runs.Echo)));
    }

    async Task<JsonElement> Drain(TestTenant tenant, Guid bulk) => await Eventually.Get(
        () => tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/runs/bulk/{bulk}"), view => view.GetProperty("finished_at").ValueKind is JsonValueKind.String);

    Task<long> InQueue(Guid run) => Sql.Scalar<long>(app.Database.Engine, $"select count(*) from execution.run_queue where run_id = '{run}'");

    Task<bool> Parked(Guid run) => Sql.Scalar<bool>(app.Database.Engine, $"select parked and pause_requested and available_at = 'infinity' from execution.run_queue where run_id = '{run}'");
}
