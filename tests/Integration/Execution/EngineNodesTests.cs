using System.Net;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace AgentPlatform.Integration.Execution;

/// <summary>Several nodes on one database, and nodes that go.</summary>
[TestFixture(QueueKind.Postgres)]
[TestFixture(QueueKind.RabbitMq)]
public sealed class EngineNodesTests(QueueKind queue)
{
    /// <summary>A node id of long ago, whom nobody has heard of since.</summary>

    [Test]
    public async Task Share_the_work_that_waits()
    {
        await using var cluster = await Cluster.Start(slots: 1, queue: queue);
        await using var peer = await Peer.Holding();
        var agent = await cluster.Http.Agent(Runs.Calling(peer));

        var first = await cluster.Http.Start(agent);
        await peer.Arrival();
        var second = await cluster.Http.Start(agent);
        await using var other = await cluster.Join();
        await peer.Arrival();
        peer.Gate.SetResult();

        Assert.That((await cluster.Http.Drain(first)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        Assert.That((await cluster.Http.Drain(second)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
    }

    [Test]
    public async Task Go_on_after_the_checkpoint_of_one_that_was_stopped()
    {
        await using var cluster = await Cluster.Start(queue: queue);
        await using var done = await Peer.Start((number, http) => Write(http, new { number }));
        await using var held = await Peer.Holding();
        var agent = await cluster.Http.Agent($$"""
            {
              "nodes": [
                { "id": "pure", "skill": "transform", "with": { "n": "=run.attempt" } },
                { "id": "effect", "skill": "http_request", "with": { "method": "POST", "url": "{{done.Url}}" } },
                { "id": "wait", "skill": "http_request", "with": { "method": "POST", "url": "{{held.Url}}" } },
                { "id": "end", "skill": "transform", "with": { "first": "=effect.body.number", "second": "=wait.body.number", "pure": "=pure.n" } }
              ],
              "edges": [{ "from": "pure", "to": "effect" }, { "from": "effect", "to": "wait" }, { "from": "wait", "to": "end" }]
            }
            """);
        var run = await cluster.Http.Start(agent);
        await held.Arrival();
        await using var other = await cluster.Join();

        await cluster.StopFirst();
        await held.Arrival();
        held.Gate.SetResult();
        var http = cluster.At(other);
        var view = await http.Drain(run);

        Assert.Multiple(() =>
        {
            Assert.That(view.GetProperty("status").GetString(), Is.EqualTo("succeeded"), view.ToString);
            Assert.That(view.GetProperty("output").ToString(), Is.EqualTo("""{"first":1,"second":2,"pure":1}"""));
            Assert.That(view.GetProperty("attempt").GetInt32(), Is.EqualTo(2));
            Assert.That(done.Keys, Has.Count.EqualTo(1));
            Assert.That(held.Keys.Distinct(), Has.Exactly(1).Items);
        });
        Assert.That(await http.StepLines(run), Is.EqualTo(["pure/1/succeeded", "effect/1/succeeded", "wait/1/succeeded", "end/1/succeeded"]));
    }

    [Test]
    public async Task Refuse_the_writes_of_one_whose_lease_was_lost()
    {
        await using var cluster = await Cluster.Start(queue: queue);
        await using var peer = await Peer.Holding();
        var run = await cluster.Http.Start(await cluster.Http.Agent(Runs.Calling(peer)));
        await peer.Arrival();
        var former = await Sql.Scalar<Guid>(cluster.Database.Engine, "select lease_owner from execution.run_queue");

        await Sql.Execute(cluster.Database.Engine, "delete from execution.nodes");
        await peer.Arrival();
        peer.Gate.SetResult();
        var view = await cluster.Http.Drain(run);

        Assert.That((view.GetProperty("status").GetString(), view.GetProperty("attempt").GetInt32()), Is.EqualTo(("succeeded", 2)), view.ToString());
        Assert.That(peer.Keys.Distinct(), Has.Exactly(1).Items);
        Assert.That(await cluster.Http.StepLines(run), Is.Unique);
        await Eventually.Holds(async () => await Sql.Scalar<long>(cluster.Database.Engine, "select count(*) from execution.nodes where id <> $1", former) == 1);
    }

    [Test]
    public async Task Let_only_the_last_of_two_that_execute_the_same_run_write()
    {
        await using var cluster = await Cluster.Start(queue: queue);
        await using var peer = await Peer.Holding();
        var run = await cluster.Http.Start(await cluster.Http.Agent(Runs.Calling(peer)));
        await peer.Arrival();

        await Sql.Execute(cluster.Database.Engine, "update execution.run_queue set lease_owner = null");
        await peer.Arrival();
        peer.Gate.SetResult();
        var view = await cluster.Http.Drain(run);

        Assert.That(view.GetProperty("attempt").GetInt32(), Is.EqualTo(2));
        Assert.That(await cluster.Http.StepLines(run), Is.EquivalentTo(["first/1/succeeded", "call/1/succeeded", "last/1/succeeded"]));
    }

    [Test]
    public async Task Keep_a_run_that_took_three_workers_down_as_poisoned()
    {
        await using var cluster = await Cluster.Start(queue: queue);
        await using var peer = await Peer.Holding();
        var run = await cluster.Http.Start(await cluster.Http.Agent(Runs.Calling(peer)));

        for (var lost = 0; lost < 3; lost++)
        {
            await peer.Arrival();

            // What the node noted before it began belongs to one that is gone.
            await Sql.Execute(cluster.Database.Engine, """
                with node as (
                  insert into execution.nodes (id, name, lease_expires_at) values ($1, 'gone', now() - interval '1 second')
                ), noted as (
                  update execution.trials set node_id = $1
                )
                update execution.run_queue set lease_owner = $1
                """, LostNode.Id);
        }

        var view = await cluster.Http.Drain(run);
        Assert.That((view.GetProperty("status").GetString(), view.GetProperty("error").GetProperty("code").GetString()), Is.EqualTo(("failed", "poisoned")));
        Assert.That(peer.Keys, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Give_back_a_run_that_is_leased_to_them_and_that_they_do_not_know()
    {
        await using var cluster = await Cluster.Start(queue: queue);
        await using var peer = await Peer.Start((number, http) => Write(http, new { number }));
        var agent = await cluster.Http.Agent(Runs.Calling(peer));
        var known = await cluster.Http.Drain(await cluster.Http.Start(agent));
        var stray = Guid.CreateVersion7();

        await Sql.Execute(cluster.Database.Engine, $$"""
            with run as (
              insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, input, attempt, started_at)
              values ('{{cluster.Tenant.Id}}', '{{stray}}', '{{known.GetProperty("agent_id").GetGuid()}}', '{{known.GetProperty("agent_version_id").GetGuid()}}', 'manual', 'running', '{}', 1, now())
            )
            insert into execution.run_queue (tenant_id, run_id, attempt, lease_owner) select '{{cluster.Tenant.Id}}', '{{stray}}', 1, id from execution.nodes
            """);

        Assert.That((await cluster.Http.Drain(stray)).GetProperty("attempt").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task Cancel_a_waiting_run_whose_agent_was_switched_off()
    {
        await using var cluster = await Cluster.Start(slots: 1, queue: queue);
        await using var peer = await Peer.Holding();
        await using var never = await Peer.Holding();
        var (busy, off) = (await cluster.Http.Agent(Runs.Calling(peer)), await cluster.Http.Agent(Runs.Calling(never)));
        await cluster.Http.Start(busy);
        await peer.Arrival();
        var run = await cluster.Http.Start(off);

        using (var answer = await cluster.Http.PostAsync($"/v1/agents/{off}/deactivate", null))
        {
            await answer.Json(expected: 200);
        }

        peer.Gate.SetResult();
        var view = await cluster.Http.Drain(run);

        Assert.That((view.GetProperty("status").GetString(), view.GetProperty("error").GetProperty("code").GetString()), Is.EqualTo(("canceled", "agent_inactive")));
        Assert.That(never.Keys, Is.Empty);
    }

    [Test]
    public async Task Lose_no_accepted_run_when_all_their_connections_are_cut()
    {
        await using var cluster = await Cluster.Start(queue: queue);
        var agent = await cluster.Http.Agent(Runs.Echo);
        var accepted = new List<Guid>();
        for (var round = 0; round < 5; round++)
        {
            var sent = Enumerable.Range(0, 20).Select(_ => TryStart(cluster.Http, agent)).ToList();
            await Sql.Execute(await PostgresFixture.Admin(), $"""
                select pg_terminate_backend(pid) from pg_stat_activity
                where usename = 'agentplatform_engine' and datname = '{new NpgsqlConnectionStringBuilder(cluster.Database.Engine).Database}'
                """);
            accepted.AddRange((await Task.WhenAll(sent)).OfType<Guid>());
        }

        foreach (var run in accepted)
        {
            Assert.That((await cluster.Http.Drain(run)).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
        }

        // Those too whose answer was lost on the way.
        foreach (var run in await Sql.Column(cluster.Database.Engine, "select id::text from execution.runs"))
        {
            await cluster.Http.Drain(Guid.Parse(run));
        }
    }

    [Test]
    public async Task Never_change_a_final_state_not_even_as_the_owner()
    {
        var tenant = await TestApp.NewTenant(queue);
        var run = (await tenant.Http.RunOnce(Runs.Echo)).GetProperty("id").GetGuid();
        var owner = Sql.ForTenant(tenant.App.Database.Owner, tenant.Id);

        Assert.That(
            () => Sql.Execute(owner, $"update execution.runs set status = 'running', finished_at = null where id = '{run}'"),
            Throws.InstanceOf<PostgresException>());
        Assert.That(await Sql.Scalar<string>(owner, $"select status from execution.runs where id = '{run}'"), Is.EqualTo("succeeded"));
    }

    static async Task<Guid?> TryStart(HttpClient http, string agent)
    {
        using var answer = await http.PostAsync($"/v1/agents/{agent}/runs", Runs.Json("{}"));
        return answer.StatusCode is HttpStatusCode.Accepted ? (await answer.Json(expected: 202)).GetProperty("id").GetGuid() : null;
    }

    static Task Write(HttpContext http, object value) => http.Response.WriteAsJsonAsync(value);
}
