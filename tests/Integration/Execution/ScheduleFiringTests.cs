using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>Schedules whose time comes. What has passed is made so in the database, since nobody waits here.</summary>
[TestFixture]
public sealed class ScheduleFiringTests
{
    [Test]
    public async Task Start_a_run_each_second_for_its_second()
    {
        var (tenant, agent) = await Tenant();
        var trigger = (await tenant.Http.Schedule(agent, "* * * * * ?")).Id();

        var fires = await Eventually.Get(() => Schedules.Fires(tenant.App.Database.Owner, trigger), seen => seen.Count >= 3);

        Assert.That(fires, Is.Unique.And.Ordered);
        Assert.That(fires.Zip(fires.Skip(1), (a, b) => b - a), Is.All.EqualTo(TimeSpan.FromSeconds(1)), "no second is left out");
        var view = await tenant.Http.Trigger(trigger);
        Assert.That(view.GetProperty("last_fired_at").GetDateTimeOffset(), Is.LessThan(view.GetProperty("next_fire_at").GetDateTimeOffset()));
    }

    [Test]
    public async Task Give_the_run_what_the_mapping_makes_of_the_time()
    {
        var (tenant, agent) = await Tenant();
        var made = await tenant.Http.Schedule(agent, "0 0 1 1 *", """, "input": { "text": "{{trigger.name}} at {{scheduled_at}}", "id": "=trigger.id" }""");
        await Due(tenant, made.Id(), "now() - interval '1 second'");

        var run = await Run(tenant, made.Id());

        Assert.That(await Sql.Scalar<string>(tenant.App.Database.Owner, "select trigger_source || ' ' || (input ->> 'id') from execution.runs where id = $1", run), Is.EqualTo($"schedule {made.Id()}"));
        Assert.That((await tenant.Http.Drain(run)).GetProperty("output").GetProperty("said").GetString(), Does.StartWith("S at 20").And.EndWith("Z"));
    }

    [TestCase("skip", 0)]
    [TestCase("once", 1)]
    [TestCase("all", 61)]
    public async Task Make_up_for_what_was_missed_as_the_policy_says(string misfire, int expected)
    {
        var (tenant, agent) = await Tenant();
        var made = await tenant.Http.Schedule(agent, "0 * * * *", $$""", "misfire": "{{misfire}}" """);
        var from = await Sql.Scalar<DateTime>(tenant.App.Database.Owner, "select date_trunc('hour', now() - interval '60 hours')");
        await Due(tenant, made.Id(), $"'{from:O}'");

        var view = await Moved(tenant, made.Id());
        var fires = await Schedules.Fires(tenant.App.Database.Owner, made.Id());

        // An hour may have begun since it was looked at.
        Assert.That(fires, Has.Count.EqualTo(expected).Or.Count.EqualTo(expected * 62 / 61));
        Assert.That(view.GetProperty("next_fire_at").GetDateTimeOffset(), Is.GreaterThan(DateTimeOffset.Parse($"{from:O}", System.Globalization.CultureInfo.InvariantCulture).AddHours(60)));
        Assert.That(fires, Is.Unique);
        if (misfire == "once")
        {
            Assert.That(fires[0].UtcDateTime, Is.GreaterThanOrEqualTo(from.AddHours(60)), "the last of them");
        }
        else
        {
            Assert.That(fires.Select((at, i) => at.UtcDateTime == from.AddHours(i)), Is.All.True, "each of them");
        }

        if (misfire == "skip")
        {
            Assert.That(view.GetProperty("skip_reason").GetString(), Is.EqualTo("missed"));
        }
    }

    [Test]
    public async Task Make_up_for_no_more_than_1000()
    {
        var (tenant, agent) = await Tenant();
        var made = await tenant.Http.Schedule(agent, "*/10 * * * *", """, "misfire": "all" """);
        await Due(tenant, made.Id(), "date_trunc('hour', now() - interval '30 days')");

        var view = await Moved(tenant, made.Id());

        Assert.That(await Schedules.Fires(tenant.App.Database.Owner, made.Id()), Has.Count.EqualTo(1000).And.Unique);
        Assert.That(view.GetProperty("skip_reason").GetString(), Is.EqualTo("missed"));
    }

    [Test]
    public async Task Catch_up_when_they_are_enabled_again_and_do_nothing_before()
    {
        var (tenant, agent) = await Tenant();
        var trigger = (await tenant.Http.Schedule(agent, "0 0 1 1 *")).Id();
        var witness = (await tenant.Http.Schedule(agent, "0 0 1 1 *")).Id();
        using (var disabled = await tenant.Http.PostAsync($"/v1/triggers/{trigger}/disable", null))
        {
            await disabled.Json(200);
        }

        await Due(tenant, trigger, "now() - interval '2 days'");
        await Due(tenant, witness, "now() - interval '1 second'");
        await Run(tenant, witness);
        Assert.That(await Schedules.Fires(tenant.App.Database.Owner, trigger), Is.Empty);

        using (var enabled = await tenant.Http.PostAsync($"/v1/triggers/{trigger}/enable", null))
        {
            await enabled.Json(200);
        }

        await Run(tenant, trigger);
        Assert.That(await Schedules.Fires(tenant.App.Database.Owner, trigger), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Follow_a_changed_expression()
    {
        var (tenant, agent) = await Tenant();
        var trigger = (await tenant.Http.Schedule(agent, "0 0 1 1 *")).Id();
        using (var changed = await tenant.Http.PatchAsync($"/v1/triggers/{trigger}", Runs.Json("""{ "cron": "* * * * * ?" }""")))
        {
            await changed.Json(200);
        }

        await Run(tenant, trigger);
    }

    [Test]
    public async Task Skip_an_inactive_agent_and_a_suspended_tenant_and_say_so()
    {
        var (tenant, agent) = await Tenant();
        var (other, theirs) = await Tenant();
        var trigger = (await tenant.Http.Schedule(agent, "0 0 1 1 *")).Id();
        var suspended = (await other.Http.Schedule(theirs, "0 0 1 1 *")).Id();
        using (var off = await tenant.Http.PostAsync($"/v1/agents/{agent}/deactivate", null))
        {
            await off.Json(200);
        }

        await Sql.Execute(other.App.Database.Owner, "update tenants.tenants set status = 'suspended' where id = $1", other.Id);
        await Due(tenant, trigger, "now() - interval '1 second'");
        await Due(other, suspended, "now() - interval '1 second'");

        Assert.That((await Moved(tenant, trigger)).GetProperty("skip_reason").GetString(), Is.EqualTo("agent_inactive"));
        Assert.That(await Reason(other, suspended), Is.EqualTo("tenant_suspended"));
        Assert.That(await Sql.Scalar<long>(tenant.App.Database.Owner, "select count(*) from execution.runs where trigger_id in ($1, $2)", trigger, suspended), Is.Zero);
    }

    [TestCase("cron = 'nonsense'", "invalid_cron")]
    [TestCase("time_zone = 'Nowhere/Else'", "unknown_time_zone")]
    public async Task Go_on_past_one_that_cannot_be_read(string damage, string reason)
    {
        var (tenant, agent) = await Tenant();
        var bad = (await tenant.Http.Schedule(agent, "0 0 1 1 *")).Id();
        var good = (await tenant.Http.Schedule(agent, "0 0 1 1 *")).Id();
        await Sql.Execute(tenant.App.Database.Owner, $"update execution.triggers set {damage} where id = $1", bad);
        await Due(tenant, bad, "now() - interval '2 seconds'");
        await Due(tenant, good, "now() - interval '1 second'");

        await Run(tenant, good);

        Assert.That(await Reason(tenant, bad), Is.EqualTo(reason));
        Assert.That(await Sql.Scalar<DateTime?>(tenant.App.Database.Owner, "select next_fire_at from execution.trigger_times where trigger_id = $1", bad), Is.Null, "set aside until somebody mends it");
        using var mended = await tenant.Http.PatchAsync($"/v1/triggers/{bad}", Runs.Json("""{ "cron": "* * * * * ?", "time_zone": "UTC" }"""));
        await mended.Json(200);
        await Run(tenant, bad);
    }

    [Test]
    public async Task Say_why_when_the_agent_takes_no_such_input()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo, """, "input_schema": { "type": "object", "required": ["text"] }""");
        var trigger = (await tenant.Http.Schedule(agent, "0 0 1 1 *")).Id();
        await Due(tenant, trigger, "now() - interval '1 second'");
        Assert.That((await Moved(tenant, trigger)).GetProperty("skip_reason").GetString(), Is.EqualTo("input_invalid"));
    }

    [Test]
    public async Task Start_the_same_run_however_often_the_same_time_comes()
    {
        var (tenant, agent) = await Tenant();
        var trigger = (await tenant.Http.Schedule(agent, "0 0 1 1 *", """, "misfire": "all" """)).Id();
        for (var again = 0; again < 3; again++)
        {
            // As after a crash between the commit of the runs and the commit of the times.
            await Sql.Execute(tenant.App.Database.Owner, "update execution.trigger_times set next_fire_at = date_trunc('year', now()), last_fired_at = null where trigger_id = $1", trigger);
            await Eventually.Holds(() => Sql.Scalar<bool>(tenant.App.Database.Owner, "select last_fired_at is not null from execution.trigger_times where trigger_id = $1", trigger));
        }

        Assert.That(await Schedules.Fires(tenant.App.Database.Owner, trigger), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Fire_by_hand_as_if_their_time_had_come()
    {
        var (tenant, agent) = await Tenant();
        var trigger = (await tenant.Http.Schedule(agent, "0 0 1 1 *", """, "input": { "text": "=scheduled_at" }""")).Id();
        using var fired = await tenant.Http.PostAsync($"/v1/triggers/{trigger}/fire?wait=true", Runs.Json("{}"));
        Assert.That((await fired.Json(200)).GetProperty("output").GetProperty("said").GetString(), Does.EndWith("Z"));
    }

    static async Task<(TestTenant Tenant, string Agent)> Tenant()
    {
        var tenant = await TestApp.NewTenant();
        return (tenant, await tenant.Http.Agent(Runs.Echo));
    }

    static Task Due(TestTenant tenant, Guid trigger, string when) =>
        Sql.Execute(tenant.App.Database.Owner, $"update execution.trigger_times set next_fire_at = {when} where trigger_id = $1", trigger);

    /// <summary>Waits for the trigger's first run.</summary>
    static async Task<Guid> Run(TestTenant tenant, Guid trigger) => (await Eventually.Get(
        () => Sql.Scalar<Guid?>(tenant.App.Database.Owner, "select id from execution.runs where trigger_id = $1 limit 1", trigger), run => run is not null)).GetValueOrDefault();

    static async Task<System.Text.Json.JsonElement> Moved(TestTenant tenant, Guid trigger)
    {
        await Eventually.Holds(() => Sql.Scalar<bool>(tenant.App.Database.Owner, "select next_fire_at > now() from execution.trigger_times where trigger_id = $1", trigger));
        return await tenant.Http.Trigger(trigger);
    }

    static Task<string?> Reason(TestTenant tenant, Guid trigger) =>
        Eventually.Get(() => Sql.Scalar<string>(tenant.App.Database.Owner, "select skip_reason from execution.trigger_times where trigger_id = $1", trigger), reason => reason is not null);
}
