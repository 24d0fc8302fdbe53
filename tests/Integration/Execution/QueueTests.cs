using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Execution;

/// <summary>What callers see of the queue, and when it is full.</summary>
[TestFixture]
public sealed class QueueTests
{
    [Test]
    public async Task Shows_how_many_wait_and_where_in_line_a_run_is()
    {
        await using var peer = await Peer.Holding();
        var (tenant, other) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        var agent = await tenant.Http.Agent(Runs.Calling(peer), """, "limits": { "max_concurrency": 1 }""");
        var first = await tenant.Http.Start(agent);
        await peer.Arrival();
        var runs = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            runs.Add(await tenant.Http.Start(agent));
        }

        var urgent = await tenant.Http.Start(agent, """{ "priority": 5 }""");
        var queue = await tenant.Http.GetFromJsonAsync<JsonElement>("/v1/queue");
        var strange = await other.Http.GetFromJsonAsync<JsonElement>("/v1/queue");

        Assert.That(await Position(tenant, urgent), Is.Zero);
        Assert.That(await Position(tenant, runs[0]), Is.EqualTo(1));
        Assert.That(await Position(tenant, runs[3]), Is.EqualTo(4));
        Assert.That(await Position(tenant, first), Is.Null);
        Assert.That((queue.GetProperty("queued").GetInt32(), queue.GetProperty("in_line").GetInt32(), queue.GetProperty("running").GetInt32()), Is.EqualTo((5, 5, 1)));
        Assert.That(queue.GetProperty("limits").GetProperty("weight").GetInt32(), Is.EqualTo(1));
        Assert.That((strange.GetProperty("queued").GetInt32(), strange.GetProperty("running").GetInt32()), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Answers_429_when_a_tenants_queue_is_full_and_leaves_others_alone()
    {
        await using var app = await TestApp.Start(new Dictionary<string, string?> { ["Flow:Plans:free:MaxQueued"] = "3" });
        await using var peer = await Peer.Holding();
        var (full, other) = (await app.Tenant(), await app.Tenant());
        var agent = await full.Http.Agent(Runs.Calling(peer), """, "limits": { "max_concurrency": 1 }""");
        await full.Http.Start(agent);
        await peer.Arrival();
        for (var i = 0; i < 3; i++)
        {
            await full.Http.Start(agent);
        }

        await app.Services.GetRequiredService<Backlog>().Count(default);
        using var refused = await full.Http.PostAsync($"/v1/agents/{agent}/runs", Runs.Json("{}"));

        await refused.Problem(429, "tenant_queue_full");
        Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
        await other.Http.RunOnce(Runs.Echo);
    }

    static async Task<int?> Position(TestTenant tenant, Guid run) =>
        (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/runs/{run}")).GetProperty("queue_position") is { ValueKind: JsonValueKind.Number } position ? position.GetInt32() : null;
}
