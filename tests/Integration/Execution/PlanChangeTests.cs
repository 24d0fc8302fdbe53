using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>What another plan gives a tenant holds on all nodes, for what waits already and for what comes.</summary>
[TestFixture]
public sealed class PlanChangeTests
{
    [Test]
    public async Task Another_plan_counts_at_once_on_every_node()
    {
        await using var cluster = await Cluster.Start(4, "api,worker,scheduler", new Dictionary<string, string?> { ["Flow:Plans:pro:MaxRunning"] = "1", ["Flow:Plans:pro:Weight"] = "7" });
        await using var second = await cluster.Join();
        using var other = cluster.At(second);
        var agent = await cluster.Http.Agent(Runs.Echo);
        using var paused = await cluster.Tenant.Http.PostAsync($"/v1/agents/{agent}/pause", Runs.Json("{}"));
        paused.EnsureSuccessStatusCode();
        Assert.That(await IsLimited(cluster, await cluster.Http.Start(agent)), Is.False);
        Assert.That(await IsLimited(cluster, await other.Start(agent)), Is.False);

        await Sql.Execute(cluster.Database.Owner, "update tenants.tenants set plan = 'pro' where id = $1", cluster.Tenant.Id);

        await Eventually.Holds(async () => await Sql.Scalar<int>(cluster.Database.Owner, "select weight from execution.flow_tenants where tenant_id = $1", cluster.Tenant.Id) == 7);
        await Eventually.Holds(async () => await IsLimited(cluster, await cluster.Http.Start(agent)));
        await Eventually.Holds(async () => await IsLimited(cluster, await other.Start(agent)));
    }

    static async Task<bool> IsLimited(Cluster cluster, Guid run) =>
        await Sql.Scalar<bool>(cluster.Database.Owner, "select coalesce('tenant' = any(flow_keys), false) from execution.run_queue where run_id = $1", run);
}
