using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>Triggers of kind schedule as their owners see them.</summary>
[TestFixture]
public sealed class ScheduleApiTests
{
    [Test]
    public async Task Shows_what_it_is_and_when_it_fires_next()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo);

        var made = await tenant.Http.Schedule(agent, "30 9 29 2 *", """, "time_zone": "Europe/Berlin", "misfire": "all" """);
        var view = await tenant.Http.Trigger(made.Id());

        Assert.That(
            (view.GetProperty("cron").GetString(), view.GetProperty("time_zone").GetString(), view.GetProperty("misfire").GetString(), view.GetProperty("last_fired_at").ValueKind),
            Is.EqualTo(("30 9 29 2 *", "Europe/Berlin", "all", JsonValueKind.Null)));
        Assert.That(view.GetProperty("next_fire_at").GetDateTimeOffset(), Is.EqualTo(made.GetProperty("next_fire_at").GetDateTimeOffset()).And.GreaterThan(DateTimeOffset.UnixEpoch));
        Assert.That(view.GetProperty("next_fire_at").GetDateTimeOffset().TimeOfDay, Is.EqualTo(new TimeSpan(8, 30, 0)), "half past nine in Berlin's winter");
    }

    [Test]
    public async Task Takes_UTC_and_once_when_nothing_else_is_said()
    {
        var tenant = await TestApp.NewTenant();
        var made = await tenant.Http.Schedule(await tenant.Http.Agent(Runs.Echo), "@yearly");
        Assert.That((made.GetProperty("time_zone").GetString(), made.GetProperty("misfire").GetString()), Is.EqualTo(("UTC", "once")));
    }

    [TestCase("""{ "name": "S", "kind": "schedule" }""", "/cron", "required")]
    [TestCase("""{ "name": "S", "kind": "schedule", "cron": "61 * * * *" }""", "/cron", "invalid_cron")]
    [TestCase("""{ "name": "S", "kind": "schedule", "cron": "" }""", "/cron", "invalid_cron")]
    [TestCase("""{ "name": "S", "kind": "schedule", "cron": "0 0 31 2 *" }""", "/cron", "never_fires")]
    [TestCase("""{ "name": "S", "kind": "schedule", "cron": "@daily", "time_zone": "Europe/Nowhere" }""", "/time_zone", "unknown_time_zone")]
    [TestCase("""{ "name": "S", "kind": "schedule", "cron": "@daily", "misfire": "twice" }""", "/misfire", "unknown_misfire")]
    [TestCase("""{ "name": "S", "kind": "schedule", "cron": "@daily", "path": "p" }""", "/path", "only_for_webhooks")]
    [TestCase("""{ "name": "S", "kind": "manual", "cron": "@daily" }""", "/cron", "only_for_schedules")]
    [TestCase("""{ "name": "S", "kind": "manual", "time_zone": "UTC" }""", "/time_zone", "only_for_schedules")]
    [TestCase("""{ "name": "S", "kind": "schedule", "cron": "@daily", "topic": "a" }""", "/topic", "only_for_events")]
    [TestCase("""{ "name": "S", "kind": "schedule", "cron": "@daily", "input": { "a": "=body" } }""", "/input/a", "unknown_name")]
    [TestCase("""{ "name": "S", "kind": "event" }""", "/topic", "required")]
    [TestCase("""{ "name": "S", "kind": "event", "topic": "No Topic" }""", "/topic", "invalid_topic")]
    [TestCase("""{ "name": "S", "kind": "sometimes" }""", "/kind", "unknown_kind")]
    public async Task Is_refused_with_the_place_and_the_reason(string body, string pointer, string code)
    {
        var tenant = await TestApp.NewTenant();
        using var answer = await tenant.Http.PostAsync($"/v1/agents/{await tenant.Http.Agent(Runs.Echo)}/triggers", Runs.Json(body));
        var fault = (await answer.Json(422)).GetProperty("errors")[0];
        Assert.That((fault.GetProperty("pointer").GetString(), fault.GetProperty("code").GetString()), Is.EqualTo((pointer, code)));
    }

    [TestCase("""{ "cron": "nonsense" }""", "/cron", "invalid_cron")]
    [TestCase("""{ "cron": "0 0 31 2 *" }""", "/cron", "never_fires")]
    [TestCase("""{ "time_zone": "Nowhere" }""", "/time_zone", "unknown_time_zone")]
    [TestCase("""{ "misfire": "no" }""", "/misfire", "unknown_misfire")]
    [TestCase("""{ "topic": "a" }""", "/topic", "only_for_events")]
    public async Task Is_not_changed_into_nonsense(string body, string pointer, string code)
    {
        var tenant = await TestApp.NewTenant();
        var made = await tenant.Http.Schedule(await tenant.Http.Agent(Runs.Echo), "@yearly");
        using var answer = await tenant.Http.PatchAsync($"/v1/triggers/{made.Id()}", Runs.Json(body));
        var fault = (await answer.Json(422)).GetProperty("errors")[0];
        Assert.That((fault.GetProperty("pointer").GetString(), fault.GetProperty("code").GetString()), Is.EqualTo((pointer, code)));
    }

    [Test]
    public async Task Counts_from_now_when_its_expression_or_its_zone_changes_and_not_when_its_name_does()
    {
        var tenant = await TestApp.NewTenant();
        var made = await tenant.Http.Schedule(await tenant.Http.Agent(Runs.Echo), "0 12 1 1 *");

        var renamed = await Patch("""{ "name": "Renamed", "misfire": "skip" }""");
        var moved = await Patch("""{ "cron": "0 12 1 7 *" }""");
        var zoned = await Patch("""{ "time_zone": "Asia/Tokyo" }""");

        Assert.That(renamed.GetProperty("next_fire_at").GetDateTimeOffset(), Is.EqualTo(made.GetProperty("next_fire_at").GetDateTimeOffset()));
        Assert.That(renamed.GetProperty("misfire").GetString(), Is.EqualTo("skip"));
        Assert.That((moved.GetProperty("next_fire_at").GetDateTimeOffset().Month, moved.GetProperty("next_fire_at").GetDateTimeOffset().Hour), Is.EqualTo((7, 12)));
        Assert.That((zoned.GetProperty("next_fire_at").GetDateTimeOffset().Hour, zoned.GetProperty("cron").GetString()), Is.EqualTo((3, "0 12 1 7 *")));

        async Task<JsonElement> Patch(string body)
        {
            using var answer = await tenant.Http.PatchAsync($"/v1/triggers/{made.Id()}", Runs.Json(body));
            return await answer.Json(200);
        }
    }

    [Test]
    public async Task A_webhook_takes_no_schedule_and_has_no_times()
    {
        var tenant = await TestApp.NewTenant();
        using var made = await tenant.Http.PostAsJsonAsync($"/v1/agents/{await tenant.Http.Agent(Runs.Echo)}/triggers", new { name = "W", kind = "webhook" });
        var id = (await made.Json(201)).Id();

        using var changed = await tenant.Http.PatchAsync($"/v1/triggers/{id}", Runs.Json("""{ "cron": "@daily" }"""));
        Assert.That((await changed.Json(422)).GetProperty("errors")[0].GetProperty("code").GetString(), Is.EqualTo("only_for_schedules"));
        using var next = await tenant.Http.GetAsync($"/v1/triggers/{id}/next");
        await next.Problem(409, "no_schedule");
    }

    [Test]
    public async Task Says_when_it_fires_the_next_times()
    {
        var tenant = await TestApp.NewTenant();
        var made = await tenant.Http.Schedule(await tenant.Http.Agent(Runs.Echo), "0 12 * * 1", """, "time_zone": "Europe/Berlin" """);

        var next = await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/triggers/{made.Id()}/next?count=3");
        var times = next.GetProperty("items").EnumerateArray().Select(item => item.GetDateTimeOffset()).ToList();

        Assert.That(next.GetProperty("sentence").GetString(), Is.EqualTo("At 12:00 on Monday, Europe/Berlin"));
        Assert.That(times, Has.Count.EqualTo(3).And.Ordered);
        Assert.That(times[0], Is.EqualTo(made.GetProperty("next_fire_at").GetDateTimeOffset()));
        Assert.That(times.Select(at => at.DayOfWeek), Is.All.EqualTo(DayOfWeek.Monday));
    }

    [TestCase("count=0")]
    [TestCase("count=101")]
    public async Task Counts_1_to_100(string query)
    {
        var tenant = await TestApp.NewTenant();
        var made = await tenant.Http.Schedule(await tenant.Http.Agent(Runs.Echo), "@daily");
        using var answer = await tenant.Http.GetAsync($"/v1/triggers/{made.Id()}/next?{query}");
        Assert.That((await answer.Json(422)).GetProperty("errors")[0].GetProperty("pointer").GetString(), Is.EqualTo("/count"));
    }

    [Test]
    public async Task Is_previewed_in_words_and_times()
    {
        var tenant = await TestApp.NewTenant();
        using var answer = await tenant.Http.PostAsync("/v1/cron/preview", Runs.Json("""{ "cron": "*/15 9-17 * * mon-fri", "time_zone": "America/New_York", "count": 5 }"""));
        var preview = await answer.Json(200);
        Assert.That(preview.GetProperty("sentence").GetString(), Is.EqualTo("Every 15 minutes in hours 09 to 17 on Monday to Friday, America/New_York"));
        Assert.That(preview.GetProperty("items").GetArrayLength(), Is.EqualTo(5));
        Assert.That(preview.GetProperty("items")[0].GetString(), Does.EndWith("Z").Or.EndWith("+00:00"));
    }

    [TestCase("""{ "cron": "* * * *" }""", "/cron", "invalid_cron")]
    [TestCase("""{ "time_zone": "UTC" }""", "/cron", "required")]
    [TestCase("""{ "cron": "@daily", "time_zone": "../x" }""", "/time_zone", "unknown_time_zone")]
    [TestCase("""{ "cron": "@daily", "count": 1000 }""", "/count", "out_of_range")]
    public async Task Is_not_previewed_when_it_cannot_be_read(string body, string pointer, string code)
    {
        var tenant = await TestApp.NewTenant();
        using var answer = await tenant.Http.PostAsync("/v1/cron/preview", Runs.Json(body));
        var fault = (await answer.Json(422)).GetProperty("errors")[0];
        Assert.That((fault.GetProperty("pointer").GetString(), fault.GetProperty("code").GetString()), Is.EqualTo((pointer, code)));
    }

    [Test]
    public async Task Is_nobody_elses()
    {
        var tenant = await TestApp.NewTenant();
        var other = await TestApp.NewTenant();
        var made = await tenant.Http.Schedule(await tenant.Http.Agent(Runs.Echo), "@daily");
        using var next = await other.Http.GetAsync($"/v1/triggers/{made.Id()}/next");
        await next.Problem(404, "trigger_not_found");
        using var changed = await other.Http.PatchAsync($"/v1/triggers/{made.Id()}", Runs.Json("""{ "cron": "@hourly" }"""));
        await changed.Problem(404, "trigger_not_found");
    }
}
