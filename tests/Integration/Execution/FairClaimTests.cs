using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Postgres;
using AgentPlatform.Integration.Support;
using Npgsql;

namespace AgentPlatform.Integration.Execution;

/// <summary>The claim by itself, on a database where nobody else claims.</summary>
[TestFixture]
public sealed class FairClaimTests
{
    DatabaseConnections database = null!;
    DataSources sources = null!;
    FairClaim claims = null!;
    NodeIdentity node = null!;

    [SetUp]
    public async Task Open()
    {
        database = await PostgresFixture.NewDatabase();
        sources = DataSources.Connect(database);
        claims = new FairClaim(sources);
        node = new NodeIdentity(Guid.CreateVersion7());
    }

    [TearDown]
    public async Task Close() => await sources.DisposeAsync();

    [Test]
    public async Task Gives_a_tenant_with_few_runs_all_of_them_beside_a_flood()
    {
        var (flood, few) = (await Tenant(), await Tenant());
        await Queue(flood, 2000);
        await Queue(few, 10);

        var claimed = await claims.Claim(node, 64, [], [], default);

        Assert.That(Counts(claimed), Is.EquivalentTo(new Dictionary<Guid, int> { [flood] = 54, [few] = 10 }));
    }

    [Test]
    public async Task Shares_by_weight_also_where_every_claim_is_for_one_run()
    {
        var (heavy, light) = (await Tenant(weight: 3), await Tenant());
        await Queue(heavy, 500);
        await Queue(light, 500);

        var big = Counts(await claims.Claim(node, 100, [], [], default));
        var single = new List<ClaimedRun>();
        for (var i = 0; i < 300; i++)
        {
            single.AddRange(await claims.Claim(node, 1, [], [], default));
        }

        Assert.That((big[heavy], big[light]), Is.EqualTo((75, 25)));
        // 225 expected, with a deviation of 7.5: outside these bounds once in a hundred million.
        Assert.That(Counts(single)[heavy], Is.InRange(180, 265));
    }

    [Test]
    public async Task Takes_everybody_in_turn_where_more_tenants_wait_than_one_claim_serves()
    {
        var tenants = new List<Guid>();
        for (var i = 0; i < 100; i++)
        {
            tenants.Add(await Tenant());
            await Queue(tenants[^1], 3);
        }

        var served = new HashSet<Guid>();
        for (var i = 0; i < 20; i++)
        {
            served.UnionWith((await claims.Claim(node, 10, [], [], default)).Select(run => run.TenantId));
        }

        Assert.That(served, Has.Count.GreaterThan(80));
    }

    [Test]
    public async Task Takes_the_higher_priority_first_then_the_older()
    {
        var tenant = await Tenant();
        await Queue(tenant, 5, priority: 0);
        await Queue(tenant, 5, priority: 7);
        await Queue(tenant, 5, priority: -1);

        var order = new List<(int, Guid)>();
        for (var i = 0; i < 15; i++)
        {
            var run = (await claims.Claim(node, 1, [], [], default)).Single();
            order.Add((await Sql.Scalar<short>(database.Owner, $"select priority from execution.run_queue where run_id = '{run.RunId}'"), run.RunId));
        }

        Assert.That(order, Is.EqualTo(order.OrderByDescending(run => run.Item1).ThenBy(run => run.Item2.ToString())));
    }

    [Test]
    public async Task Leaves_what_is_parked_held_or_behind_a_gate()
    {
        var tenant = await Tenant();
        await Queue(tenant, 3);
        await Sql.Execute(database.Owner, "update execution.run_queue set parked = true where run_id = (select min(run_id::text)::uuid from execution.run_queue)");
        await Sql.Execute(database.Owner, "update execution.run_queue set gate = 'time' where run_id = (select max(run_id::text)::uuid from execution.run_queue)");

        Assert.That(await claims.Claim(node, 10, [], [], default), Has.Count.EqualTo(1));
        Assert.That(await claims.Claim(node, 10, [], [], default), Is.Empty);
    }

    [Test]
    public async Task Two_nodes_never_take_the_same_run()
    {
        var (one, other) = (await Tenant(), await Tenant());
        await Queue(one, 1000);
        await Queue(other, 1000);

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var (mine, claim) = (new List<Guid>(), new FairClaim(sources));
            while (await claim.Claim(new NodeIdentity(Guid.CreateVersion7()), 50, [], [], default) is { Count: > 0 } some)
            {
                mine.AddRange(some.Select(run => run.RunId));
            }

            return mine;
        }));

        Assert.That(taken.SelectMany(runs => runs), Is.Unique);
        Assert.That(taken.Sum(runs => runs.Count), Is.EqualTo(2000));
    }

    /// <summary>A plan is kept while the tables fill: it must not be one that is good for empty tables alone.</summary>
    [TestCase(FairClaim.LeaseSql, TestName = "{m}(leased)")]
    [TestCase(FairClaim.LockSql, TestName = "{m}(locked)")]
    public async Task Planned_while_nothing_waits_it_goes_by_order_and_key_all_the_same(string sql)
    {
        await using var connection = await sources.RunWriter.OpenConnectionAsync();
        await using var explain = new NpgsqlCommand($"explain {sql}", connection);
        foreach (var (name, value) in new (string, object)[] { ("count", 128), ("node", node.Id), ("after", Guid.Empty), ("brief", Array.Empty<Guid>()), ("crowding", Array.Empty<Guid>()), ("patience", "1000") })
        {
            explain.Parameters.AddWithValue(name, value);
        }

        var plan = await Sql.Column(explain);
        Assert.That(plan, Has.Some.Contains("using run_queue_claim_idx on run_queue"));
        Assert.That(plan.Where(line => line.Contains("on runs_", StringComparison.Ordinal) && line.Contains("Scan", StringComparison.Ordinal)), Is.Not.Empty.And.All.Match("Index Scan using runs_[a-z0-9_]+_pkey "));
        Assert.That(plan, Has.None.Contains("Bitmap"));
        Assert.That(plan, Has.None.Contains("Seq Scan"));
        Assert.That(plan, Has.None.Match("Sort Key: .*available_at"));
    }

    static Dictionary<Guid, int> Counts(IEnumerable<ClaimedRun> claimed) => claimed.CountBy(run => run.TenantId).ToDictionary();

    async Task<Guid> Tenant(int weight = 1)
    {
        var id = Guid.CreateVersion7();
        await Sql.Execute(database.Owner, $"""
            insert into tenants.tenants (id, slug, name) values ('{id}', 't-{id:n}', 'Tenant');
            insert into execution.flow_tenants (tenant_id, weight) values ('{id}', {weight});
            """);
        return id;
    }

    async Task Queue(Guid tenant, int count, int priority = 0) => await Sql.Execute(database.Owner, $"""
        with ids as materialized (select (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint + g), 12, '0') || '70008' || substr(md5(random()::text), 1, 15))::uuid as id from generate_series(1, {count}) g),
        stored as (
          insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, priority, input)
          select '{tenant}', id, '{tenant}', '{tenant}', 'manual', 'queued', {priority}, '{"{}"}' from ids)
        insert into execution.run_queue (tenant_id, run_id, priority) select '{tenant}', id, {priority} from ids
        """);
}
