using System.Net;
using AgentPlatform.Infrastructure.Execution;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentPlatform.Integration.Execution;

/// <summary>Nodes that do a part of the work each.</summary>
public sealed class NodeRolesTests
{
    [Test]
    public async Task An_api_node_accepts_runs_and_a_worker_that_joins_executes_them()
    {
        await using var cluster = await Cluster.Start(roles: "api");
        await using var peer = await Peer.Holding();
        var agent = await cluster.Http.Agent(Runs.Calling(peer));
        var run = await cluster.Http.Start(agent);
        Assert.That((await cluster.Http.View(run)).GetProperty("status").GetString(), Is.EqualTo("queued"));

        await using var worker = await cluster.Join("worker");
        await peer.Arrival();
        var owner = await Sql.Scalar<Guid>(cluster.Database.Engine, "select lease_owner from execution.run_queue");
        peer.Gate.SetResult();

        Assert.That((await cluster.Http.Drain(run)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        Assert.That(await Sql.Scalar<Guid>(cluster.Database.Engine, "select id from execution.nodes order by started_at desc limit 1"), Is.EqualTo(owner));
        Assert.That((await cluster.Http.Run(agent)).GetProperty("status").GetString(), Is.EqualTo("succeeded"), "A caller who waits is answered although another node runs it.");
    }

    [Test]
    public async Task A_worker_serves_its_health_and_nothing_else()
    {
        await using var worker = await TestApp.Start(new Dictionary<string, string?> { ["Roles"] = "worker" });
        using var http = worker.Anonymous();

        Assert.That(await Status(http, "/health/live"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await Status(http, "/health/ready"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await Status(http, "/v1/agents"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await Status(http, "/openapi/v1.json"), Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("api,worker", false)]
    [TestCase("scheduler", true)]
    public async Task Only_a_scheduler_does_what_time_asks_for(string roles, bool does)
    {
        await using var node = await TestApp.Start(new Dictionary<string, string?> { ["Roles"] = roles });

        var services = node.Services.GetServices<IHostedService>().ToList();

        Assert.That(services.OfType<PartitionKeeper>().Any(), Is.EqualTo(does));
        Assert.That(services.OfType<ExpiredKeys>().Any(), Is.EqualTo(does));
    }

    static async Task<HttpStatusCode> Status(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        return answer.StatusCode;
    }
}
