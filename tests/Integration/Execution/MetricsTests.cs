using System.Net;
using System.Text.RegularExpressions;
using AgentPlatform.Api.Http;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Execution;

/// <summary>What operators can see of a node, and that nobody else does.</summary>
public sealed partial class MetricsTests
{
    static readonly Dictionary<string, string?> Served = new() { ["Metrics:Urls"] = "http://127.0.0.1:0", ["Engine:LeaseSeconds"] = "2" };

    [Test]
    public async Task Are_served_on_an_address_of_their_own_and_tell_nothing_of_tenants()
    {
        await using var app = await TestApp.Start(Served);
        var tenant = await app.Tenant();
        // A pure graph would be over before it was accepted: this one begins.
        var agent = await tenant.Http.Agent("""{ "nodes": [{ "id": "nap", "skill": "wait", "with": { "for": "1ms" } }] }""");
        await tenant.Http.Run(agent);
        using var operators = new HttpClient { BaseAddress = new Uri(Where(app)) };

        using var answer = await operators.GetAsync("/metrics");
        var text = await answer.Content.ReadAsStringAsync();

        Assert.That(answer.Content.Headers.GetValues("Content-Type"), Is.EqualTo(["text/plain; version=0.0.4; charset=utf-8"]));
        Assert.That(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("# ", StringComparison.Ordinal) && !Sample().IsMatch(line)), Is.Empty);
        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain("agentplatform_runs_accepted_total "));
            Assert.That(text, Does.Contain("agentplatform_runs_finished_total{status=\"succeeded\"} "));
            Assert.That(text, Does.Contain("agentplatform_queue_depth{state=\"parked\"} "));
            Assert.That(text, Does.Contain("agentplatform_queue_oldest_age_seconds "));
            Assert.That(text, Does.Contain("agentplatform_runs_stuck "));
            Assert.That(text, Does.Contain("agentplatform_slots_busy "));
            Assert.That(text, Does.Contain("agentplatform_runs_start_latency_milliseconds_bucket{le=\"10\"} "));
            Assert.That(text, Does.Contain("agentplatform_commits_size_bucket{item=\"NewRun\",le=\"256\"} "));
            Assert.That(text, Does.Contain("db_client_connection_count{db_client_connection_pool_name=\"writer\",db_client_connection_state=\"idle\"} "));
            Assert.That(text, Does.Contain("http_route=\"/v1/agents/{agent}/runs\""));
            Assert.That(text, Does.Not.Contain(tenant.Slug).And.Not.Contain(tenant.Id.ToString()).And.Not.Contain(agent));
        });
        Assert.That(await Status(operators, "/"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await Status(tenant.Http, "/metrics"), Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Raise_the_alarm_for_a_run_that_a_dead_node_holds_and_nobody_takes_back()
    {
        await using var app = await TestApp.Start(Served);
        var tenant = await app.Tenant();
        var probe = app.Services.GetRequiredService<QueueProbe>();

        // A node of next year: by its id it is not lost yet, so no reaper dares to touch its runs.
        await Sql.Execute(app.Database.Engine, $"""
            insert into execution.run_queue (tenant_id, run_id, attempt, lease_owner)
            values ('{tenant.Id}', '{Guid.CreateVersion7()}', 1, platform.uuid_v7_floor(now() + interval '1 year'))
            """);
        await probe.DoOnce(CancellationToken.None);
        Assert.That(probe.Current.Stuck, Is.Zero, "It may be only just lost.");
        await Eventually.Holds(async () =>
        {
            await probe.DoOnce(CancellationToken.None);
            return probe.Current.Stuck > 0;
        });

        Assert.That(probe.Current, Has.Property(nameof(QueueState.Running)).EqualTo(1).And.Property(nameof(QueueState.Nodes)).EqualTo(1));
        using var health = await tenant.Http.GetAsync("/health/ready");
        Assert.That((await health.Json(expected: 200)).GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()), Has.Some.Contain("nodes that are not alive"));
    }

    static string Where(TestApp app) => app.Services.GetRequiredService<MetricsListener>().Addresses.Single();

    static async Task<HttpStatusCode> Status(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        return answer.StatusCode;
    }

    [GeneratedRegex("""^[a-z_:][a-z0-9_:]*(\{[a-z_][a-z0-9_]*="[^"\\]*"(,[a-z_][a-z0-9_]*="[^"\\]*")*\})? (-?[0-9.]+(E[-+]?[0-9]+)?|\+Inf|NaN)$""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();
}
