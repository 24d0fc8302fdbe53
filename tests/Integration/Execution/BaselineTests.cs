using AgentPlatform.Benchmarks;
using AgentPlatform.Infrastructure.Shared.Postgres;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>What figures are measured against writes the rows that the program would, or the comparison means nothing.</summary>
public sealed class BaselineTests
{
    static readonly Guid Tenant = Guid.CreateVersion7();

    static IEnumerable<TestCaseData> WholeRuns() =>
    [
        new TestCaseData(BaselineRows.Pure).SetArgDisplayNames("over before they are stored"),
        new TestCaseData(BaselineRows.Begun).SetArgDisplayNames("begun, then ended"),
    ];

    [TestCaseSource(nameof(WholeRuns))]
    public async Task Whole_runs_have_a_key_an_end_and_three_steps_each(object rows)
    {
        var database = await PostgresFixture.NewDatabase();
        await using var baseline = new Baseline(database);

        await baseline.Store((BaselineRows)rows, Tenant, 128);

        Assert.That(await Rows(database), Is.EqualTo("128 runs, 128 succeeded, 384 steps, 128 keys, 0 in the queue"));
    }

    [Test]
    public async Task Runs_that_wait_are_all_taken_and_ended_each_once()
    {
        var database = await PostgresFixture.NewDatabase();
        await using var baseline = new Baseline(database);

        await baseline.Store(BaselineRows.Waiting, Tenant, 512);
        Assert.That(await Rows(database), Is.EqualTo("512 runs, 0 succeeded, 0 steps, 0 keys, 512 in the queue"));
        var (perSecond, text) = await baseline.Rate(BaselineRows.Taken, Tenant);

        Assert.That(await Rows(database), Is.EqualTo("512 runs, 512 succeeded, 1536 steps, 0 keys, 0 in the queue"));
        Assert.That(perSecond, Is.GreaterThan(0));
        Assert.That(text, Does.Match(@"^\d+/s; \d+ µs$"));
    }

    [Test]
    public async Task One_run_after_another_is_stored_and_taken_beside_others()
    {
        var database = await PostgresFixture.NewDatabase();
        await using var baseline = new Baseline(database);
        await baseline.Store(BaselineRows.Waiting, Guid.CreateVersion7(), 128);

        var text = await baseline.Latency(BaselineRows.Passed, Tenant, size: 1, pace: TimeSpan.Zero, time: TimeSpan.FromMilliseconds(1), measured: 2);

        Assert.That(await Rows(database), Does.Match("^([1-9][0-9]*) runs, \\1 succeeded, [1-9][0-9]* steps, 0 keys, 0 in the queue$"));
        Assert.That(text, Does.Match(@"^[\d.]+ / [\d.]+ ms$"));
    }

    [Test]
    public async Task Triggers_that_are_due_are_moved_and_have_runs()
    {
        await using var app = await TestApp.Start(new Dictionary<string, string?> { ["Roles"] = "api" });
        var tenant = await app.Tenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        await tenant.Http.Schedule(agent, "0 0 1 1 *");
        await tenant.Http.Schedule(agent, "0 0 1 1 *");
        await Sql.Execute(app.Database.Owner, "update execution.trigger_times set next_fire_at = now() - interval '1 second' where tenant_id = $1", tenant.Id);
        await using var baseline = new Baseline(app.Database);

        await baseline.Rate(BaselineRows.Fired, tenant.Id);

        Assert.That(await Sql.Scalar<long>(app.Database.Owner, "select count(*) from execution.trigger_times where tenant_id = $1 and last_fired_at < now() and next_fire_at > now()", tenant.Id), Is.EqualTo(2));
        Assert.That(await Sql.Scalar<long>(app.Database.Engine, "select count(*) from execution.runs where tenant_id = $1", tenant.Id), Is.GreaterThanOrEqualTo(2));
    }

    static Task<string?> Rows(DatabaseConnections database) => Sql.Scalar<string>(database.Engine, """
        select count(*) || ' runs, ' || count(*) filter (where status = 'succeeded' and output is not null and finished_at >= started_at) || ' succeeded, '
          || (select count(*) from execution.run_steps where tenant_id = $1) || ' steps, '
          || (select count(*) from execution.idempotency_keys where tenant_id = $1) || ' keys, '
          || (select count(*) from execution.run_queue where tenant_id = $1) || ' in the queue'
        from execution.runs where tenant_id = $1
        """, Tenant);
}
