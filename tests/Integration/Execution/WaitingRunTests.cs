using AgentPlatform.Integration.Support;
using Npgsql;

namespace AgentPlatform.Integration.Execution;

/// <summary>Runs that wait: they hold no lease, survive the node, and go on when their time or their signal has come.</summary>
[TestFixture(QueueKind.Postgres)]
[TestFixture(QueueKind.RabbitMq)]
public sealed class WaitingRunTests(QueueKind queue)
{
    const string ForSignal = """
        {
          "nodes": [
            { "id": "before", "skill": "transform", "with": { "said": "=input.text" } },
            { "id": "pause", "skill": "wait", "with": { "signal": "go" } },
            { "id": "after", "skill": "transform", "with": { "said": "=before.said", "heard": "=pause.payload.word" } }
          ],
          "edges": [{ "from": "before", "to": "pause" }, { "from": "pause", "to": "after" }]
        }
        """;

    [Test]
    public async Task Waits_for_a_time_and_goes_on()
    {
        var tenant = await TestApp.NewTenant(queue);

        var run = await tenant.Http.RunOnce("""
            {
              "nodes": [{ "id": "nap", "skill": "wait", "with": { "for": "400ms" } }, { "id": "up", "skill": "transform", "with": { "slept": "=nap.waited_until != null" } }],
              "edges": [{ "from": "nap", "to": "up" }]
            }
            """);

        Assert.That(run.GetProperty("output").GetRawText(), Is.EqualTo("""{"slept":true}"""));
        Assert.That(run.GetProperty("attempt").GetInt32(), Is.EqualTo(2), "It was laid down and taken up again.");
        Assert.That(await tenant.Http.StepLines(run.GetProperty("id").GetGuid()), Is.EqualTo(["nap/1/succeeded", "up/1/succeeded"]));
    }

    [Test]
    public async Task Holds_no_lease_while_it_waits_and_goes_on_at_its_signal()
    {
        var tenant = await TestApp.NewTenant(queue);
        var id = await tenant.Http.Start(await tenant.Http.Agent(ForSignal), """{ "input": { "text": "one" } }""");

        await tenant.Http.Until(id, "waiting");
        Assert.That(await QueueRow(id), Is.EqualTo((true, false)));
        Assert.That(await tenant.Http.StepLines(id), Is.EqualTo(["before/1/succeeded", "pause/1/waiting"]));

        await Signal(tenant.Id, id, "other", """{ "word": "no" }""");
        await Signal(tenant.Id, id, "go", """{ "word": "two" }""");
        var run = await tenant.Http.Drain(id);
        Assert.That(run.GetProperty("output").GetRawText(), Is.EqualTo("""{"said":"one","heard":"two"}"""));
        Assert.That(await tenant.Http.StepLines(id), Is.EqualTo(["before/1/succeeded", "pause/1/succeeded", "after/1/succeeded"]));
    }

    [Test]
    public async Task Takes_a_signal_that_came_before_the_wait_and_each_signal_once()
    {
        await using var peer = await Peer.Holding();
        var tenant = await TestApp.NewTenant(queue);
        var id = await tenant.Http.Start(await tenant.Http.Agent($$"""
            {
              "nodes": [
                { "id": "call", "skill": "http_request", "with": { "url": "{{peer.Url}}" } },
                { "id": "first", "skill": "wait", "with": { "signal": "go" } },
                { "id": "second", "skill": "wait", "with": { "signal": "go" } }
              ],
              "edges": [{ "from": "call", "to": "first" }, { "from": "first", "to": "second" }],
              "output": { "all": "=[first.payload, second.payload]" }
            }
            """));
        await peer.Arrival();
        await Signal(tenant.Id, id, "go", "1");
        peer.Gate.SetResult();
        await tenant.Http.Until(id, "waiting");
        await Signal(tenant.Id, id, "go", "2");

        Assert.That((await tenant.Http.Drain(id)).GetProperty("output").GetRawText(), Is.EqualTo("""{"all":[1,2]}"""));
    }

    [Test]
    public async Task Fails_where_the_signal_does_not_come_in_time()
    {
        var tenant = await TestApp.NewTenant(queue);

        var run = await tenant.Http.RunOnce("""{ "nodes": [{ "id": "pause", "skill": "wait", "with": { "signal": "go", "timeout": "300ms" } }] }""");

        Assert.That(run.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("signal_timeout"));
    }

    [Test]
    public async Task Goes_on_with_other_branches_while_one_waits()
    {
        await using var peer = await Peer.Counting();
        var tenant = await TestApp.NewTenant(queue);
        var id = await tenant.Http.Start(await tenant.Http.Agent($$"""
            {
              "nodes": [{ "id": "pause", "skill": "wait", "with": { "signal": "go" } }, { "id": "call", "skill": "http_request", "with": { "url": "{{peer.Url}}" } },
                { "id": "both", "skill": "transform", "with": { "n": "=call.body.number" } }],
              "edges": [{ "from": "pause", "to": "both" }, { "from": "call", "to": "both" }]
            }
            """));

        await tenant.Http.Until(id, "waiting");
        await Signal(tenant.Id, id, "go", "null");
        await tenant.Http.Drain(id);

        Assert.That(peer.Calls, Is.EqualTo(1), "What was answered before the run was laid down is not asked again.");
    }

    [Test]
    public async Task Waits_in_every_item_of_a_foreach_at_once()
    {
        var tenant = await TestApp.NewTenant(queue);

        var run = await tenant.Http.RunOnce("""
            {
              "nodes": [{ "id": "each", "skill": "foreach", "with": { "items": [1, 2, 3], "concurrency": 3,
                "body": { "nodes": [{ "id": "nap", "skill": "wait", "with": { "for": "300ms" } }, { "id": "n", "skill": "transform", "with": { "n": "=item" } }], "edges": [{ "from": "nap", "to": "n" }], "output": "=n.n" } } }],
              "output": "=each.results"
            }
            """);

        Assert.That(run.GetProperty("output").GetRawText(), Is.EqualTo("[1,2,3]"), run.GetRawText());
    }

    [Test]
    public async Task Is_taken_up_by_another_node_when_its_own_is_gone()
    {
        await using var cluster = await Cluster.Start(queue: queue);
        var id = await cluster.Http.Start(await cluster.Http.Agent(ForSignal), """{ "input": { "text": "one" } }""");
        await cluster.Http.Until(id, "waiting");
        await using var second = await cluster.Join();
        await cluster.StopFirst();

        await Signal(cluster.Tenant.Id, id, "go", """{ "word": "two" }""", cluster.Database.Engine);
        using var http = cluster.At(second);
        Assert.That((await http.Drain(id)).GetProperty("output").GetRawText(), Is.EqualTo("""{"said":"one","heard":"two"}"""));
    }

    async Task<(bool Parked, bool Held)> QueueRow(Guid run)
    {
        await using var source = NpgsqlDataSource.Create((await TestApp.Shared(queue)).Database.Engine);
        await using var command = source.CreateCommand("select parked, lease_owner is not null from execution.run_queue where run_id = @run");
        command.Parameters.AddWithValue("run", run);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.That(await reader.ReadAsync());
        return (reader.GetBoolean(0), reader.GetBoolean(1));
    }

    async Task Signal(Guid tenant, Guid run, string name, string payload, string? database = null)
    {
        await using var source = NpgsqlDataSource.Create(database ?? (await TestApp.Shared(queue)).Database.Engine);
        await using var command = source.CreateCommand("""
            with sent as (
              insert into execution.run_signals (tenant_id, id, run_id, name, payload) values (@tenant, @id, @run, @name, @payload::json) returning tenant_id, run_id
            )
            select execution.ring(tenant_id, run_id) from sent
            """);
        command.Parameters.AddWithValue("tenant", tenant);
        command.Parameters.AddWithValue("id", Guid.CreateVersion7());
        command.Parameters.AddWithValue("run", run);
        command.Parameters.AddWithValue("name", name);
        command.Parameters.AddWithValue("payload", payload);
        await command.ExecuteNonQueryAsync();
    }
}
