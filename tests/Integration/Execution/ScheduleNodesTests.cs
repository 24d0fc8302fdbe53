using AgentPlatform.Infrastructure.Execution.Schedules;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Execution;

/// <summary>Several schedulers on one database: each time of each trigger gets one run, whoever of them lives.</summary>
[TestFixture]
public sealed class ScheduleNodesTests
{
    [Test]
    public async Task Fire_each_time_once_while_schedulers_come_and_go()
    {
        await using var cluster = await Cluster.Start();
        await using var second = await cluster.Join();
        await using var third = await cluster.Join();
        var agent = await cluster.Http.Agent(Runs.Echo);
        var triggers = new List<Guid>();
        for (var i = 0; i < 20; i++)
        {
            triggers.Add((await cluster.Http.Schedule(agent, "* * * * * ?", """, "misfire": "all" """)).Id());
        }

        await AllFired(cluster, triggers, 3);
        await cluster.StopFirst();
        await AllFired(cluster, triggers, 6);

        // All of them at once, on top of Quartz's turn: what it promises is not what this stands on.
        var passes = new[] { second, third }.Select(node => node.Services.GetRequiredService<SchedulePass>());
        await Task.WhenAll(passes.Select(pass => pass.Run(CancellationToken.None)));
        await AllFired(cluster, triggers, 8);

        foreach (var trigger in triggers)
        {
            var fires = await Schedules.Fires(cluster.Database.Owner, trigger);
            Assert.That(fires, Is.Unique);
            Assert.That(fires.Zip(fires.Skip(1), (a, b) => b - a), Is.All.EqualTo(TimeSpan.FromSeconds(1)), "no second is left out");
        }
    }

    [Test]
    public async Task Share_a_heap_of_due_triggers_and_fire_each_once()
    {
        await using var cluster = await Cluster.Start();
        await using var second = await cluster.Join();
        var agent = await cluster.Http.Agent(Runs.Echo);
        var made = (await cluster.Http.Schedule(agent, "0 0 1 1 *")).Id();
        const int many = 3000;
        await Sql.Execute(cluster.Database.Owner, $"""
            with made as (
              insert into execution.triggers (tenant_id, id, agent_id, name, kind, cron, time_zone, misfire)
              select tenant_id, gen_random_uuid(), agent_id, 'T', kind, cron, time_zone, misfire from execution.triggers, generate_series(1, {many}) where id = '{made}'
              returning tenant_id, id
            )
            insert into execution.trigger_times (tenant_id, trigger_id, is_enabled, next_fire_at) select tenant_id, id, true, now() - interval '1 second' from made
            """);

        await Task.WhenAll(new[] { cluster.First, second }.Select(node => node.Services.GetRequiredService<SchedulePass>().Run(CancellationToken.None)));
        var fired = await Eventually.Get(
            () => Sql.Scalar<string>(cluster.Database.Owner, "select count(*) || ' ' || count(distinct trigger_id) from execution.runs"), seen => seen == $"{many} {many}");

        Assert.That(fired, Is.EqualTo($"{many} {many}"));
        Assert.That(await Sql.Scalar<long>(cluster.Database.Owner, "select count(*) from execution.trigger_times where next_fire_at <= now()"), Is.Zero);
    }

    static async Task AllFired(Cluster cluster, List<Guid> triggers, int times)
    {
        var least = await Eventually.Get(
            () => Sql.Scalar<long>(cluster.Database.Owner, $"""
                select coalesce(min(c), 0) from (select count(r.id) as c from unnest(array['{string.Join("','", triggers)}']::uuid[]) t (id) left join execution.runs r on r.trigger_id = t.id group by t.id) x
                """),
            least => least >= times);
        Assert.That(least, Is.GreaterThanOrEqualTo(times));
    }
}
