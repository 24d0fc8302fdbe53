using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Postgres;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentPlatform.Integration.Execution;

/// <summary>Runs that are over as soon as they begin are ended under a lock of their queue rows, without a lease.</summary>
[TestFixture]
public sealed class LockedRunsTests
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_long_line_of_them_is_worked_off_and_each_is_ended_once()
    {
        await using var app = await TestApp.Start();
        var (tenant, agent) = await KnownToBeBrief(app);

        await app.Queue(tenant, agent, 1_500);
        await IsWorkedOff(app, tenant);

        Assert.That(await Sql.Scalar<string>(app.Database.Engine, """
            select count(*) || ' ' || min(status) || ' ' || max(status) || ' ' || max(attempt) || ' ' || min(output::text) || ' ' || max(output::text) || ' ' || bool_and(started_at <= finished_at)
            from execution.runs where tenant_id = $1
            """, tenant.Id), Is.EqualTo("""1501 succeeded succeeded 1 {"said":"hello"} {"said":"hello"} true"""));
        Assert.That(await Sql.Scalar<string>(app.Database.Engine, "select count(*) || ' of ' || count(distinct run_id) from execution.run_steps where tenant_id = $1", tenant.Id),
            Is.EqualTo("1501 of 1501"));
        Assert.That(await Sql.Scalar<long>(app.Database.Engine, "select count(*) from execution.trials where $1 = any(tenant_ids)", tenant.Id), Is.GreaterThan(0), "some were noted");
        Assert.That(app.Services.GetRequiredService<LockedRuns>().AreAllowed, Is.True, "and ended as they were locked");
    }

    [Test]
    public async Task Those_of_an_agent_that_was_switched_off_are_canceled()
    {
        await using var app = await TestApp.Start();
        var (tenant, agent) = await KnownToBeBrief(app);
        using var off = await tenant.Http.PostAsync($"/v1/agents/{agent}/deactivate", null);
        off.EnsureSuccessStatusCode();

        await app.Queue(tenant, agent, 20);
        await IsWorkedOff(app, tenant);

        Assert.That(await Sql.Scalar<long>(app.Database.Engine, "select count(*) from execution.runs where tenant_id = $1 and status = 'canceled' and error ->> 'code' = 'agent_inactive'", tenant.Id),
            Is.EqualTo(20));
    }

    [Test]
    public async Task A_run_that_took_a_worker_down_or_that_another_node_noted_is_leased()
    {
        await using var queue = await Queue.Open();
        var (again, older, newer, fresh) = (await queue.Add(), await queue.Add(), await queue.Add(), await queue.Add());
        await Sql.Execute(queue.Database.Engine, "update execution.run_queue set lost_workers = 1 where run_id = $1", again);
        await queue.Note(LostNode.Id, older);
        await queue.Note(Guid.CreateVersion7(), newer);

        await using var connection = await queue.Begin();
        var claimed = await queue.Lock(connection, Long);

        Assert.That(claimed.Where(run => run.Place is not null).Select(run => run.RunId), Is.EqualTo([fresh]));
        Assert.That(claimed.Where(run => run.Place is null).Select(run => run.RunId), Is.EquivalentTo([again, older, newer]));
    }

    [Test]
    public async Task What_a_node_locked_nobody_else_takes_until_it_stands_still_for_too_long()
    {
        await using var queue = await Queue.Open();
        var run = await queue.Add();
        await using var connection = await queue.Begin();
        await using var other = await queue.Begin();

        Assert.That(await queue.Lock(connection, TimeSpan.FromSeconds(2)), Has.Count.EqualTo(1));
        Assert.That(await queue.Lock(other, Long), Is.Empty);
        var taken = await Eventually.Get(() => queue.Lock(other, Long), some => some.Count > 0);

        Assert.That(taken.Select(one => one.RunId), Is.EqualTo([run]));
        await using var late = new NpgsqlCommand("delete from execution.run_queue", connection);
        Assert.That(late.ExecuteNonQueryAsync, Throws.InstanceOf<NpgsqlException>(), "its transaction is over");
    }

    [Test]
    public async Task What_a_lost_node_was_about_to_try_counts_as_lost_with_it_once_whoever_has_it()
    {
        await using var app = await Control.WithoutWorkers();
        var tenant = await app.Tenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        var (free, taken, held, other) = (await tenant.Http.Start(agent), await tenant.Http.Start(agent), await tenant.Http.Start(agent), await tenant.Http.Start(agent));
        var living = Guid.CreateVersion7();
        await Sql.Execute(app.Database.Engine, "insert into execution.nodes (id, name, lease_expires_at) values ($1, 'living', now() + interval '1 hour')", living);
        await Sql.Execute(app.Database.Engine, "update execution.run_queue set lease_owner = $1 where run_id = $2", living, taken);
        var lost = await LostNode.Join(app);
        await lost.Note(1, tenant.Id, free, taken, held);
        await lost.Hold(held);

        await lost.Lose();

        Assert.That(await lost.LostWorkers(free, taken, held, other), Is.EqualTo([1, 1, 1, 0]));
        Assert.That(await Sql.Scalar<Guid>(app.Database.Engine, "select lease_owner from execution.run_queue where run_id = $1", taken), Is.EqualTo(living));
        Assert.That(await Sql.Scalar<long>(app.Database.Engine, "select count(*) from execution.trials"), Is.Zero);
    }

    /// <summary>A node knows that a version is brief once it has compiled it.</summary>
    static async Task<(TestTenant Tenant, string Agent)> KnownToBeBrief(TestApp app)
    {
        var tenant = await app.Tenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        await tenant.Http.Drain(await tenant.Http.Start(agent, """{ "input": { "text": "hello" } }"""));
        return (tenant, agent);
    }

    static Task IsWorkedOff(TestApp app, TestTenant tenant) =>
        Eventually.Holds(async () => await Sql.Scalar<long>(app.Database.Engine, "select count(*) from execution.run_queue where tenant_id = $1", tenant.Id) == 0);

    /// <summary>A queue from which nobody else takes.</summary>
    sealed class Queue : IAsyncDisposable
    {
        readonly DataSources sources;
        readonly FairClaim claims;
        readonly NodeIdentity node = new(Guid.CreateVersion7());

        Queue(DatabaseConnections database)
        {
            Database = database;
            sources = DataSources.Connect(database);
            claims = new FairClaim(sources);
        }

        public DatabaseConnections Database { get; }

        /// <summary>Its agent's version has the same id.</summary>
        public Guid Tenant { get; } = Guid.CreateVersion7();

        public static async Task<Queue> Open()
        {
            var queue = new Queue(await PostgresFixture.NewDatabase());
            await Sql.Execute(queue.Database.Owner, "insert into tenants.tenants (id, slug, name) values ($1, $2, 'Tenant')", queue.Tenant, $"t-{queue.Tenant:n}");
            return queue;
        }

        public async Task<Guid> Add()
        {
            var run = Guid.CreateVersion7();
            await Sql.Execute(Database.Owner, """
                with stored as (
                  insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, input) values ($1, $2, $1, $1, 'manual', 'queued', '1')
                )
                insert into execution.run_queue (tenant_id, run_id) values ($1, $2)
                """, Tenant, run);
            return run;
        }

        /// <summary>Another node, which lives, says that it is about to try the run.</summary>
        public Task Note(Guid node, Guid run) => Sql.Execute(Database.Engine, """
            with other as (
              insert into execution.nodes (id, name, lease_expires_at) values ($1, 'another', now() + interval '1 hour')
            )
            insert into execution.trials (node_id, lane, tenant_ids, run_ids) values ($1, 0, array[$2], array[$3])
            """, node, Tenant, run);

        public async Task<NpgsqlConnection> Begin()
        {
            var connection = await sources.RunWriter.OpenConnectionAsync();
            await connection.BeginTransactionAsync();
            return connection;
        }

        public Task<IReadOnlyList<ClaimedRun>> Lock(NpgsqlConnection connection, TimeSpan patience) => claims.ClaimOrLock(connection, node, 10, [Tenant], [], patience, default);

        public async ValueTask DisposeAsync() => await sources.DisposeAsync();
    }
}
