using AgentPlatform.Infrastructure.Execution.Schedules;
using AgentPlatform.Infrastructure.Shared.Outbox;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Execution;

/// <summary>Events of the outbox start the runs of those who wait for their topic.</summary>
[TestFixture]
public sealed class EventTriggerTests
{
    [Test]
    public async Task Start_a_run_for_each_trigger_that_waits_for_the_topic_and_for_no_other()
    {
        var tenant = await TestApp.NewTenant();
        var other = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        var first = await Trigger(tenant.Http, agent, "order.paid", """, "input": { "text": "=data.text" }""");
        var second = await Trigger(tenant.Http, agent, "order.paid");
        var deaf = await Trigger(tenant.Http, agent, "order.lost");
        var foreign = await Trigger(other.Http, await other.Http.Agent(Runs.Echo), "order.paid");

        await Emit(tenant, "order.paid", """{ "text": "hello" }""");
        var run = await Run(tenant, first);
        var whole = await Run(tenant, second);

        Assert.That((await tenant.Http.Drain(run)).GetProperty("output").GetProperty("said").GetString(), Is.EqualTo("hello"));
        var input = (await tenant.Http.Drain(whole)).GetProperty("input");
        Assert.That((input.GetProperty("event").GetProperty("topic").GetString(), input.GetProperty("data").GetProperty("text").GetString()), Is.EqualTo(("order.paid", "hello")));
        Assert.That(await Count(tenant, deaf) + await Count(tenant, foreign), Is.Zero);
        Assert.That(await Sql.Scalar<string>(tenant.App.Database.Owner, "select trigger_source from execution.runs where id = $1", run), Is.EqualTo("event"));
    }

    [Test]
    public async Task Start_one_run_however_often_the_event_is_told()
    {
        var tenant = await TestApp.NewTenant();
        var trigger = await Trigger(tenant.Http, await tenant.Http.Agent(Runs.Echo), "again");
        var id = await Emit(tenant, "again", "{}");
        await Run(tenant, trigger);
        await Eventually.Holds(() => Sql.Scalar<bool>(tenant.App.Database.Owner, "select exists (select from platform.outbox_deliveries where outbox_id = $1 and state = 'done')", id));

        // As after a crash between the run and the note that it was told.
        await Sql.Execute(tenant.App.Database.Owner, "update platform.outbox_deliveries set state = 'pending', next_attempt_at = now() where outbox_id = $1", id);
        var state = await Eventually.Get(() => Sql.Scalar<string>(tenant.App.Database.Owner, "select state || ' ' || (attempts > 1) from platform.outbox_deliveries where outbox_id = $1", id), seen => seen == "done true");

        Assert.That((state, await Count(tenant, trigger)), Is.EqualTo(("done true", 1)));
    }

    [Test]
    public async Task End_when_events_follow_from_one_another_too_often()
    {
        var tenant = await TestApp.NewTenant();
        var trigger = await Trigger(tenant.Http, await tenant.Http.Agent(Runs.Echo), "loop");
        await Emit(tenant, "loop", "{}");
        var run = await Run(tenant, trigger);
        Assert.That(await Sql.Scalar<short>(tenant.App.Database.Owner, "select event_depth from execution.runs where id = $1", run), Is.EqualTo(1));

        var deep = Guid.CreateVersion7();
        await Sql.Execute(tenant.App.Database.Owner, """
            insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, input, event_depth, finished_at)
            select tenant_id, $1, agent_id, agent_version_id, 'event', 'succeeded', input, $2, now() from execution.runs where id = $3
            """, deep, EventTriggers.MaxDepth, run);
        await Emit(tenant, "loop", "{}", key: deep.ToString());

        var reason = await Eventually.Get(() => Sql.Scalar<string>(tenant.App.Database.Owner, "select skip_reason from execution.trigger_times where trigger_id = $1", trigger), seen => seen is not null);
        Assert.That((reason, await Count(tenant, trigger)), Is.EqualTo(("event_loop", 1)));
    }

    [Test]
    public async Task Let_agents_wake_each_other_and_stop_them_when_they_never_end()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent("""
            { "nodes": [{ "id": "tell", "skill": "emit_event", "with": { "type": "ping", "data": { "from": "=run.id" } } }] }
            """);
        var trigger = await Trigger(tenant.Http, agent, "ping", """, "input": { "by": "=event.run_id", "from": "=data.from" }""");

        var first = await tenant.Http.Start(agent);
        var reason = await Eventually.Get(() => Sql.Scalar<string>(tenant.App.Database.Owner, "select skip_reason from execution.trigger_times where trigger_id = $1", trigger), seen => seen is not null);

        Assert.That((reason, await Count(tenant, trigger)), Is.EqualTo(("event_loop", EventTriggers.MaxDepth)));
        Assert.That(
            await Sql.Scalar<string>(tenant.App.Database.Owner, "select (input ->> 'by') || ' ' || (input ->> 'from') from execution.runs where trigger_id = $1 and event_depth = 1", trigger),
            Is.EqualTo($"{first} {first}"));
    }

    [Test]
    public async Task Do_nothing_while_they_are_disabled()
    {
        var tenant = await TestApp.NewTenant();
        var trigger = await Trigger(tenant.Http, await tenant.Http.Agent(Runs.Echo), "off");
        using (var disabled = await tenant.Http.PostAsync($"/v1/triggers/{trigger}/disable", null))
        {
            await disabled.Json(200);
        }

        var id = await Emit(tenant, "off", "{}");
        await Eventually.Holds(() => Sql.Scalar<bool>(tenant.App.Database.Owner, "select exists (select from platform.outbox_deliveries where outbox_id = $1 and state = 'done')", id));
        Assert.That(await Count(tenant, trigger), Is.Zero);
    }

    [Test]
    public async Task Start_no_more_runs_than_the_agents_rate_allows_and_say_so()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo, """, "limits": { "rate_limit": { "limit": 1, "per_seconds": 3600 } }""");
        var trigger = await Trigger(tenant.Http, agent, "often");
        await Emit(tenant, "often", "{}");
        await Run(tenant, trigger);

        await Emit(tenant, "often", "{}");
        var reason = await Eventually.Get(() => Sql.Scalar<string>(tenant.App.Database.Owner, "select skip_reason from execution.trigger_times where trigger_id = $1", trigger), seen => seen is not null);

        Assert.That((reason, await Count(tenant, trigger)), Is.EqualTo(("rate_limited", 1)));
    }

    [Test]
    public async Task Are_tried_again_and_at_last_kept_as_dead()
    {
        await using var app = await TestApp.Start(services: services => services.AddSingleton<IOutboxHandler, Failing>());
        var tenant = await app.Tenant();
        var id = await Emit(tenant, Failing.Topic, "{}");
        var handler = app.Services.GetServices<IOutboxHandler>().OfType<Failing>().Single();
        for (var attempt = 1; attempt <= OutboxDispatcher.MaxAttempts; attempt++)
        {
            var expected = attempt;
            await Eventually.Holds(() => Task.FromResult(handler.Calls >= expected));
            await Eventually.Holds(() => Sql.Scalar<bool>(
                app.Database.Owner, "select exists (select from platform.outbox_deliveries where outbox_id = $1 and handler = 'failing' and attempts = $2 and error is not null)", id, expected));

            // Without the former error the next one shows that its attempt has been noted.
            await Sql.Execute(app.Database.Owner, "update platform.outbox_deliveries set next_attempt_at = now(), error = null where outbox_id = $1 and handler = 'failing' and state = 'pending'", id);
        }

        var state = await Sql.Scalar<string>(app.Database.Owner, "select state || ' ' || attempts || ' ' || error from platform.outbox_deliveries where outbox_id = $1 and handler = 'failing'", id);
        Assert.That(state, Is.EqualTo($"dead {OutboxDispatcher.MaxAttempts} It does not work."));
        Assert.That(await Sql.Scalar<string>(app.Database.Owner, "select state from platform.outbox_deliveries where outbox_id = $1 and handler = 'triggers'", id), Is.EqualTo("done"), "one handler's trouble is not another's");
    }

    static async Task<Guid> Trigger(HttpClient http, string agent, string topic, string more = "")
    {
        using var answer = await http.PostAsync($"/v1/agents/{agent}/triggers", Runs.Json($$"""{ "name": "E", "kind": "event", "topic": "{{topic}}"{{more}} }"""));
        return (await answer.Json(201)).Id();
    }

    static async Task<Guid> Emit(TestTenant tenant, string topic, string data, string key = "")
    {
        var id = Guid.CreateVersion7();
        await Sql.Execute(tenant.App.Database.Owner, "insert into platform.outbox (tenant_id, id, type, key, payload) values ($1, $2, $3, $4, $5::jsonb)", tenant.Id, id, topic, key, data);
        return id;
    }

    static async Task<Guid> Run(TestTenant tenant, Guid trigger) => (await Eventually.Get(
        () => Sql.Scalar<Guid?>(tenant.App.Database.Owner, "select id from execution.runs where trigger_id = $1 limit 1", trigger), run => run is not null)).GetValueOrDefault();

    static async Task<int> Count(TestTenant tenant, Guid trigger) => (int)await Sql.Scalar<long>(tenant.App.Database.Owner, "select count(*) from execution.runs where trigger_id = $1", trigger);

    sealed class Failing : IOutboxHandler
    {
        public const string Topic = "failing";

        int calls;

        public int Calls => Volatile.Read(ref calls);

        public string Name => "failing";

        public bool Handles(string type) => type == Topic;

        public Task Handle(OutboxEvent told, CancellationToken ct)
        {
            Interlocked.Increment(ref calls);
            throw new InvalidOperationException("It does not work.");
        }
    }
}
