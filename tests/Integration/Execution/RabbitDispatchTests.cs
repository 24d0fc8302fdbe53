using System.Collections.Concurrent;
using AgentPlatform.Infrastructure.Execution.Dispatch;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Execution;

/// <summary>Runs that workers are told of by RabbitMQ, and what becomes of them when it fails.</summary>
[TestFixture]
public sealed class RabbitDispatchTests
{
    [Test]
    public async Task Two_workers_share_what_one_node_accepts()
    {
        await using var cluster = await Cluster.Start(slots: 2, roles: "api", queue: QueueKind.RabbitMq);
        await using var peer = await Peer.Holding();
        var agent = await cluster.Http.Agent(Runs.Calling(peer));
        await using var one = await cluster.Join("worker");
        await using var other = await cluster.Join("worker");

        Assert.That(one.Services.GetRequiredService<IRunDispatch>(), Is.InstanceOf<RabbitDispatch>());
        var runs = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            runs.Add(await cluster.Http.Start(agent));
        }

        for (var i = 0; i < 4; i++)
        {
            await peer.Arrival();
        }

        var held = await Sql.Column(cluster.Database.Engine, "select lease_owner::text || '/' || count(*) from execution.run_queue where lease_owner is not null group by lease_owner");
        peer.Gate.SetResult();

        Assert.That(held, Has.Count.EqualTo(2).And.All.EndsWith("/2"));
        foreach (var run in runs)
        {
            var view = await cluster.Http.Drain(run);
            Assert.That((view.GetProperty("status").GetString(), view.GetProperty("attempt").GetInt32()), Is.EqualTo(("succeeded", 1)));
        }

        Assert.That(peer.Keys, Is.Unique.And.Count.EqualTo(runs.Count));
    }

    [Test]
    public async Task A_webhook_delivery_goes_by_the_broker_and_is_one_run_however_often_it_comes()
    {
        var tenant = await TestApp.NewTenant(QueueKind.RabbitMq);
        var hook = await Hook.Of(tenant);

        var run = await hook.Fire(tenant.App, body: """{ "text": "hello" }""");
        Assert.That(await hook.Fire(tenant.App, expected: 200, body: """{ "text": "hello" }"""), Is.EqualTo(run));

        Assert.That((await tenant.Http.Drain(run)).GetProperty("output").ToString(), Is.EqualTo("""{"said":"hello"}"""));
        Assert.That(await Hook.Count(tenant.Http), Is.EqualTo(1));
    }

    [Test]
    public async Task A_message_that_was_lost_is_made_up_for()
    {
        var settings = await RabbitFixture.Settings(QueueKind.RabbitMq);
        settings["Queue:AnnounceAgainSeconds"] = "1";
        var (broker, queue) = (await RabbitFixture.Running(), settings["Queue:Name"]!);
        await using var cluster = await Cluster.Start(slots: 1, "api,worker,scheduler", settings);
        await using var peer = await Peer.Holding();
        var agent = await cluster.Http.Agent(Runs.Calling(peer));
        await cluster.Http.Start(agent);
        await peer.Arrival();
        var run = await cluster.Http.Start(agent);
        await Eventually.Holds(async () => await broker.Messages(queue) > 0);

        await broker.Ask(channel => channel.QueuePurgeAsync(queue));
        await Eventually.Holds(async () => await broker.Messages(queue) > 0);
        peer.Gate.SetResult();

        Assert.That((await cluster.Http.Drain(run)).GetProperty("attempt").GetInt32(), Is.EqualTo(1), "However often it was announced.");
    }

    [Test]
    public async Task A_queue_that_was_deleted_is_made_again()
    {
        var settings = await RabbitFixture.Settings(QueueKind.RabbitMq);
        var broker = await RabbitFixture.Running();
        await using var cluster = await Cluster.Start(slots: 4, "api", settings);
        await using var worker = await cluster.Join("worker");
        var agent = await cluster.Http.Agent(Runs.Echo);
        await cluster.Http.Drain(await cluster.Http.Start(agent));

        await broker.Ask(channel => channel.QueueDeleteAsync(settings["Queue:Name"]!, ifUnused: false, ifEmpty: false));

        Assert.That((await cluster.Http.Drain(await cluster.Http.Start(agent))).GetProperty("status").GetString(), Is.EqualTo("succeeded"));
    }

    [Test]
    public async Task A_broker_that_goes_and_comes_back_under_load_loses_nothing_and_doubles_nothing()
    {
        await using var broker = await RabbitServer.Start();
        var settings = await RabbitFixture.Settings(QueueKind.RabbitMq, broker);
        // Nobody is to lose its lease on a busy machine: what is looked at is the broker.
        settings["Engine:LeaseSeconds"] = "60";
        settings["Queue:FallbackSeconds"] = "2";
        settings["Queue:AnnounceAgainSeconds"] = "2";
        await using var cluster = await Cluster.Start(slots: 4, "api", settings);
        await using var peer = await Peer.Counting();
        await using var one = await cluster.Join("worker");
        await using var other = await cluster.Join("worker");
        var agent = await cluster.Http.Agent(Runs.Calling(peer));
        var accepted = new ConcurrentBag<Guid>();
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(_ => Load(cluster.Http, agent, accepted, enough.Token)).ToList();
        await Eventually.Holds(() => Task.FromResult(accepted.Count > 50));

        await broker.Kill();
        var without = await cluster.Http.Drain(await cluster.Http.Start(agent));
        await broker.Begin();
        await Eventually.Holds(() => broker.HasConsumer(settings["Queue:Name"]!));
        var again = await cluster.Http.Drain(await cluster.Http.Start(agent));
        await enough.CancelAsync();
        await Task.WhenAll(clients);

        foreach (var run in accepted)
        {
            var view = await cluster.Http.Drain(run);
            Assert.That((view.GetProperty("status").GetString(), view.GetProperty("attempt").GetInt32()), Is.EqualTo(("succeeded", 1)), view.ToString());
        }

        Assert.That((without.GetProperty("status").GetString(), again.GetProperty("status").GetString()), Is.EqualTo(("succeeded", "succeeded")));
        Assert.That(peer.Keys, Is.Unique.And.Count.EqualTo(accepted.Count + 2));
        Assert.That(await Sql.Scalar<long>(cluster.Database.Engine, "select count(*) from execution.run_queue"), Is.Zero);
    }

    [TestCase("kafka", null, "Queue__Kind")]
    [TestCase("rabbitmq", null, "Queue__Url")]
    [TestCase("rabbitmq", "http://user:secret@broker/", "Queue__Url")]
    public void A_setting_that_cannot_be_is_named_at_the_start_without_its_secret(string kind, string? url, string named) =>
        Assert.That(
            async () => await TestApp.Start(new Dictionary<string, string?> { ["Queue:Kind"] = kind, ["Queue:Url"] = url }),
            Throws.Exception.With.Message.Contains(named).And.Message.Not.Contains("secret"));

    static async Task Load(HttpClient http, string agent, ConcurrentBag<Guid> accepted, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var run = await http.Start(agent);
            accepted.Add(run);
            await http.Drain(run);
        }
    }
}
