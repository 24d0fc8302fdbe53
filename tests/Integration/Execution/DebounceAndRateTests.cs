using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>Debounced and rate-limited triggers: nothing accepted is lost, what is superseded says so.</summary>
[TestFixture]
public sealed class DebounceAndRateTests
{
    [Test]
    public async Task Of_deliveries_in_quick_succession_only_the_last_one_runs()
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, Runs.Echo, "none", """, "debounce_ms": 700, "debounce_key": "=input.text" """);

        var storm = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            storm.Add(await hook.Fire(tenant.App, body: """{ "text": "a" }""", id: $"a{i}"));
        }

        var other = await hook.Fire(tenant.App, body: """{ "text": "b" }""", id: "b");
        var ended = new List<JsonElement>();
        foreach (var run in storm)
        {
            ended.Add(await tenant.Http.Drain(run));
        }

        Assert.That(ended[..3].Select(run => run.GetProperty("error").GetProperty("code").GetString()), Is.All.EqualTo("superseded"));
        Assert.That(ended[..3].Select(run => run.GetProperty("status").GetString()), Is.All.EqualTo("canceled"));
        Assert.That(ended[2].GetProperty("error").GetProperty("detail").GetProperty("by").GetGuid(), Is.EqualTo(storm[3]));
        Assert.That(ended[3].GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        Assert.That(ended[3].GetProperty("started_at").GetDateTimeOffset() - ended[3].GetProperty("queued_at").GetDateTimeOffset(), Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(690)));
        Assert.That((await tenant.Http.Drain(other)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
    }

    [Test]
    public async Task A_storm_still_lets_a_run_through_after_the_longest_wait()
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, Runs.Echo, "none", """, "debounce_ms": 1000, "debounce_max_ms": 1000 """);

        var (storm, began) = (new List<Guid>(), Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(3))
        {
            storm.Add(await hook.Fire(tenant.App, id: $"m{storm.Count}"));
        }

        var ended = new List<string?>();
        foreach (var run in storm)
        {
            ended.Add((await tenant.Http.Drain(run)).GetProperty("status").GetString());
        }

        Assert.That(ended.Count(status => status == "succeeded"), Is.GreaterThan(1));
        Assert.That(ended, Is.All.EqualTo("succeeded").Or.EqualTo("canceled"));
    }

    [Test]
    public async Task Delays_what_is_more_than_the_rate()
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, Runs.Echo, "none", """, "rate_limit": { "limit": 2, "per_seconds": 1 } """);

        var runs = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            runs.Add(await hook.Fire(tenant.App, id: $"m{i}"));
        }

        var ended = new List<JsonElement>();
        foreach (var run in runs)
        {
            ended.Add(await tenant.Http.Drain(run));
        }

        var accepted = ended[0].GetProperty("queued_at").GetDateTimeOffset();
        var starts = ended.ConvertAll(run => (run.GetProperty("started_at").GetDateTimeOffset() - accepted).TotalSeconds);
        Assert.That(starts[2], Is.GreaterThan(0.95), "The third waits for the first one's second to be over.");
        Assert.That(starts[^1], Is.GreaterThan(1.95));
    }

    [Test]
    public async Task Refuses_what_is_more_than_the_rate_with_a_time_to_come_back_and_stores_nothing()
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, more: """, "rate_limit": { "limit": 2, "per_seconds": 3600, "key": "=input.text", "over": "refuse" } """);
        await hook.Fire(tenant.App, body: """{ "text": "a" }""", id: "1");
        await hook.Fire(tenant.App, body: """{ "text": "a" }""", id: "2");

        using var refused = await hook.Send(tenant.App, hook.Delivery("""{ "text": "a" }""", "3"));
        await hook.Fire(tenant.App, body: """{ "text": "b" }""", id: "4");
        var repeated = await hook.Fire(tenant.App, expected: 200, body: """{ "text": "a" }""", id: "2");

        await refused.Problem(429, "rate_limited");
        Assert.That(refused.Headers.RetryAfter?.Delta?.TotalSeconds, Is.InRange(3000, 3600));
        Assert.That(repeated, Is.Not.EqualTo(Guid.Empty));
        Assert.That(await Hook.Count(tenant.Http), Is.EqualTo(3));
    }

    [TestCase("""{ "concurrency": "sometimes" }""", "/concurrency")]
    [TestCase("""{ "max_concurrency": 2 }""", "/max_concurrency")]
    [TestCase("""{ "concurrency": "queue", "max_concurrency": 0 }""", "/max_concurrency")]
    [TestCase("""{ "concurrency": "queue", "max_concurrency": 10001 }""", "/max_concurrency")]
    [TestCase("""{ "concurrency": "queue", "concurrency_key": "customer" }""", "/concurrency_key")]
    [TestCase("""{ "concurrency": "queue", "concurrency_key": "=body.customer" }""", "/concurrency_key")]
    [TestCase("""{ "concurrency": "queue", "concurrency_key": "=input.[" }""", "/concurrency_key")]
    [TestCase("""{ "debounce_ms": 0 }""", "/debounce_ms")]
    [TestCase("""{ "debounce_key": "=input.a" }""", "/debounce_key")]
    [TestCase("""{ "debounce_ms": 1000, "debounce_max_ms": 999 }""", "/debounce_max_ms")]
    [TestCase("""{ "debounce_ms": 1000, "concurrency": "skip" }""", "/concurrency")]
    [TestCase("""{ "debounce_ms": 1000, "rate_limit": { "limit": 1, "per_seconds": 1 } }""", "/rate_limit")]
    [TestCase("""{ "rate_limit": { "limit": 0, "per_seconds": 1 } }""", "/rate_limit/limit")]
    [TestCase("""{ "rate_limit": { "limit": 1, "per_seconds": 86401 } }""", "/rate_limit/per_seconds")]
    [TestCase("""{ "rate_limit": { "limit": 1, "per_seconds": 1, "over": "drop" } }""", "/rate_limit/over")]
    public async Task Refuses_settings_that_make_no_sense(string settings, string pointer)
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant);

        using var changed = await tenant.Http.PatchAsync($"/v1/triggers/{hook.Id}", Runs.Json(settings));
        var problem = await changed.Json(expected: 422);

        Assert.That(problem.GetProperty("errors")[0].GetProperty("pointer").GetString(), Is.EqualTo(pointer));
    }

    [Test]
    public async Task Shows_the_settings_and_takes_them_away_again()
    {
        var tenant = await TestApp.NewTenant();
        var hook = await Hook.Of(tenant, more: """, "concurrency": "replace", "max_concurrency": 2, "rate_limit": { "limit": 5, "per_seconds": 60 } """);

        var made = await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/triggers/{hook.Id}");
        using var freed = await tenant.Http.PatchAsync($"/v1/triggers/{hook.Id}", Runs.Json("""{ "concurrency": "allow", "max_concurrency": null, "rate_limit": null }"""));
        var free = await freed.Json(expected: 200);

        Assert.That((made.GetProperty("concurrency").GetString(), made.GetProperty("max_concurrency").GetInt32()), Is.EqualTo(("replace", 2)));
        Assert.That(made.GetProperty("rate_limit").GetProperty("over").GetString(), Is.EqualTo("queue"));
        Assert.That(free.GetProperty("rate_limit").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }
}
