using AgentPlatform.Infrastructure.Execution.Watching;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentPlatform.Integration.Execution;

/// <summary>Streams of all of a tenant's runs, and of an agent's.</summary>
public sealed class RunStreamsTests
{
    [Test]
    public async Task Tell_on_any_node_what_runs_do_on_any_other()
    {
        await using var cluster = await Cluster.Start(roles: "api");
        await using var worker = await cluster.Join("worker");
        await using var peer = await Peer.Holding();
        var agent = await cluster.Http.Agent(Runs.Calling(peer));
        await using var stream = await RunStream.Open(cluster.Http);

        var run = await cluster.Http.Start(agent);
        await peer.Arrival();
        peer.Gate.SetResult();
        var events = await stream.UntilEnded(1);

        Assert.That(events.ConvertAll(what => (what.Name, what.Status)), Is.EqualTo([("run.queued", "queued"), ("run.started", "running"), ("run.finished", "succeeded")]));
        Assert.That(events.ConvertAll(what => what.Run), Has.All.EqualTo(run));
        var view = await cluster.Http.View(run);
        Assert.Multiple(() =>
        {
            Assert.That(events[2].Data.GetProperty("agent_id").GetGuid(), Is.EqualTo(view.GetProperty("agent_id").GetGuid()));
            Assert.That(events[2].Data.GetProperty("trigger_source").GetString(), Is.EqualTo("manual"));
            Assert.That(events[2].Data.GetProperty("finished_at").GetDateTimeOffset(), Is.EqualTo(view.GetProperty("finished_at").GetDateTimeOffset()));
            Assert.That(events[0].Data.TryGetProperty("finished_at", out _), Is.False);
        });
    }

    [Test]
    public async Task Go_on_after_any_event_without_gap_or_repeat()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        await using var stream = await RunStream.Open(tenant.Http);
        var begin = stream.Id;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => tenant.Http.Run(agent)));

        var all = await stream.UntilEnded(4);

        var courses = all.GroupBy(what => what.Run, what => what.Name).Select(run => string.Join(' ', run)).ToList();
        Assert.That(courses, Is.EqualTo(Enumerable.Repeat("run.queued run.started run.finished", 4)));
        foreach (var cut in Enumerable.Range(-1, all.Count))
        {
            await using var again = await RunStream.Open(tenant.Http, after: cut < 0 ? begin : all[cut].Id);
            var rest = await again.UntilEnded(all.Skip(cut + 1).Count(what => what.Name == "run.finished"));
            Assert.That(rest.Select(Facts), Is.EqualTo(all.Skip(cut + 1).Select(Facts)));
        }

        static (string, string) Facts(StreamEvent what) => (what.Id, what.Data.ToString());
    }

    [Test]
    public async Task Tell_of_an_agent_its_own_runs_only()
    {
        var tenant = await TestApp.NewTenant();
        var (one, other) = (await tenant.Http.Agent(Runs.Echo), await tenant.Http.Agent(Runs.Echo));
        await using var stream = await RunStream.Open(tenant.Http, $"/v1/agents/{one}/runs/events");

        await tenant.Http.Run(other);
        var mine = (await tenant.Http.Run(one)).GetProperty("id").GetGuid();

        Assert.That((await stream.UntilEnded(1)).ConvertAll(what => what.Run), Has.All.EqualTo(mine));
    }

    [Test]
    public async Task Tell_a_tenant_nothing_of_another()
    {
        var (ours, theirs) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        var (our, their) = (await ours.Http.Agent(Runs.Echo), await theirs.Http.Agent(Runs.Echo));
        await using var stream = await RunStream.Open(ours.Http);
        await using var foreign = await RunStream.Open(theirs.Http);

        await theirs.Http.Run(their);
        var mine = (await ours.Http.Run(our)).GetProperty("id").GetGuid();

        Assert.That((await stream.UntilEnded(1)).ConvertAll(what => what.Run), Has.All.EqualTo(mine));
        await foreign.UntilEnded(1);
        await using var stolen = await RunStream.Open(ours.Http, after: foreign.Id);
        Assert.That(stolen.WasReset, Is.True, "Another tenant's place is none here.");
        using var answer = await theirs.Http.GetAsync($"/v1/agents/{our}/runs/events");
        await answer.Problem(404, "agent_not_found");
    }

    [Test]
    public async Task Say_so_when_the_place_to_go_on_from_is_not_known()
    {
        var tenant = await TestApp.NewTenant();
        var old = new FeedPosition(1, Guid.Empty, 1, DateTimeOffset.UnixEpoch).Encode(tenant.Id);

        foreach (var after in new[] { "1.2", "nonsense", old })
        {
            await using var stream = await RunStream.Open(tenant.Http, after: after);
            Assert.That(stream.WasReset, Is.True, after);
        }
    }

    [Test]
    public async Task Wait_for_a_commit_that_is_still_under_way_and_lose_nothing_behind_it()
    {
        await using var app = await TestApp.Start();
        var tenant = await app.Tenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        await using var stream = await RunStream.Open(tenant.Http);
        await using var source = NpgsqlDataSource.Create(app.Database.Engine);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (slow, slowAgent) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var command = new NpgsqlCommand(
            $"insert into execution.run_changes (tenant_id, agent_id, statuses, run_ids) values ('{tenant.Id}', '{slowAgent}', '{{failed}}', '{{{slow}}}')", connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        var quick = (await tenant.Http.Run(agent)).GetProperty("id").GetGuid();
        var seen = await app.Services.GetRequiredService<RunChangeReader>().Next(tenant.Id, new FeedPosition(0, Guid.Empty, 0, default), CancellationToken.None);
        Assert.That(seen.Changes, Is.Empty, "What came later must not overtake.");
        await transaction.CommitAsync();

        Assert.That((await stream.Next()).Run, Is.EqualTo(slow));
        Assert.That((await stream.UntilEnded(1)).ConvertAll(what => what.Run), Has.All.EqualTo(quick));
    }

    [Test]
    public async Task Tell_of_runs_that_wait_and_go_on_whoever_changes_them()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var agent = await tenant.Http.Agent(Runs.Calling(peer));
        await using var stream = await RunStream.Open(tenant.Http);
        var run = await tenant.Http.Start(agent);
        await peer.Arrival();

        foreach (var status in new[] { "waiting", "paused", "running" })
        {
            await Sql.Execute(tenant.App.Database.Engine, $"update execution.runs set status = '{status}' where id = '{run}'");
        }

        peer.Gate.SetResult();

        Assert.That((await stream.UntilEnded(1)).ConvertAll(what => what.Name),
            Is.EqualTo(["run.queued", "run.started", "run.waiting", "run.paused", "run.started", "run.finished"]));
    }

    [Test]
    public async Task Are_kept_for_a_day_and_an_hour()
    {
        await using var app = await TestApp.Start();
        var tenant = await app.Tenant();
        await Sql.Execute(app.Database.Engine, $$"""
            insert into execution.run_changes (tenant_id, agent_id, statuses, run_ids, created_at)
            select '{{tenant.Id}}', '{{tenant.Id}}', '{queued}', '{}', now() - make_interval(hours => age) from unnest(array[0, 24, 26, 48]) age
            """);

        using var job = new StaleRunChanges(DataSourcesOf(app), TimeProvider.System, NullLogger<StaleRunChanges>.Instance);
        await job.DeleteOnce(CancellationToken.None);

        Assert.That(await Sql.Scalar<long>(app.Database.Engine, "select count(*) from execution.run_changes where run_ids = '{}'"), Is.EqualTo(2));
    }

    static Infrastructure.Shared.DataSources DataSourcesOf(TestApp app) =>
        (Infrastructure.Shared.DataSources)app.Services.GetService(typeof(Infrastructure.Shared.DataSources))!;
}
