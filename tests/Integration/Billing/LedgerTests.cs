using AgentPlatform.Infrastructure.Billing;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AgentPlatform.Integration.Billing;

public sealed class LedgerTests
{
    static readonly PricedVendor Vendor = new();
    static TestApp app = null!;

    [OneTimeSetUp]
    public static async Task Start() => app = await Vendor.Start();

    [OneTimeTearDown]
    public static async Task Stop() => await app.DisposeAsync();

    [Test]
    public async Task Books_every_attempt_with_whose_it_was()
    {
        var tenant = await app.Tenant();
        var http = await tenant.ApiKey("agents:write", "runs:read", "runs:execute", "billing:read");
        var run = await http.RunOnce(PricedVendor.Graph(
            """{ "cost": 700, "tokens": 10, "fails": 2 }""", """, "retry": { "max_attempts": 3, "initial": "1ms", "on": ["5xx"] }"""));
        await http.RunOnce(PricedVendor.Graph("""{ "cost": 1 }"""));

        var id = run.GetProperty("id").GetGuid();
        using var answer = await http.GetAsync($"/v1/usage/ledger?run_id={id}");
        var entries = (await answer.Json(200)).GetProperty("items").EnumerateArray().ToList();
        Assert.That(entries, Has.Count.EqualTo(3));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(entries.Sum(entry => entry.GetProperty("cost_micros").GetInt64()), Is.EqualTo(2100));
            Assert.That(entries.Select(entry => entry.GetProperty("service").GetString()), Is.All.EqualTo("test/large"));
            Assert.That(entries.Select(entry => entry.GetProperty("agent_id").GetGuid()), Is.All.EqualTo(run.GetProperty("agent_id").GetGuid()));
            Assert.That(entries.Select(entry => entry.GetProperty("user_id").GetGuid()), Is.All.EqualTo((await http.View(id)).GetProperty("created_by").GetGuid()));
            Assert.That(entries.Select(entry => entry.GetProperty("api_key_id").GetString()), Is.All.Not.Null);
            Assert.That(entries.Select(entry => entry.GetProperty("step_id").GetGuid()).Distinct().Count(), Is.EqualTo(3));
        }
    }

    [Test]
    public async Task Books_a_source_once_however_often_it_is_told_and_also_40_days_later()
    {
        var tenant = await app.Tenant();
        var step = Guid.CreateVersion7();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Book(tenant, step, cost: 5, repeats: 100)));
        await Book(tenant, step, cost: 5, repeats: 10, at: "now() + interval '40 days'");

        Assert.That(await Totals(tenant), Is.EqualTo("1 5"));
        Assert.That(await Partition(tenant), Is.Not.EqualTo("usage_ledger_default"), "it lies in the month of its source");
    }

    [Test]
    public async Task Books_a_step_once_that_was_stored_waiting_and_ended_later()
    {
        var tenant = await app.Tenant();
        var step = Guid.CreateVersion7();
        await Sql.Execute(app.Database.Engine, $"""
            insert into execution.run_steps (tenant_id, id, run_id, node_id, idx, status) values ('{tenant.Id}', '{step}', '{step}', 'ask', 0, 'waiting');
            update execution.run_steps set status = 'succeeded', usage = {Usage(9)} where tenant_id = '{tenant.Id}' and id = '{step}';
            update execution.run_steps set status = 'succeeded', usage = {Usage(9)} where tenant_id = '{tenant.Id}' and id = '{step}';
            delete from execution.run_steps where tenant_id = '{tenant.Id}' and id = '{step}';
            insert into execution.run_steps (tenant_id, id, run_id, node_id, idx, status, usage) values ('{tenant.Id}', '{step}', '{step}', 'ask', 0, 'succeeded', {Usage(9)})
            """);

        Assert.That(await Totals(tenant), Is.EqualTo("1 9"), "also when retention deleted the step and an archive brought it back");
    }

    [TestCase("app")]
    [TestCase("engine")]
    [TestCase("operator")]
    [TestCase("owner")]
    public async Task Lets_nobody_change_it(string role)
    {
        var tenant = await app.Tenant();
        await Book(tenant, Guid.CreateVersion7(), cost: 3);
        var connection = Sql.ForTenant(role switch { "app" => app.Database.App, "engine" => app.Database.Engine, "operator" => app.Database.Operator, _ => app.Database.Owner }, tenant.Id);
        var month = TimeProvider.System.GetUtcNow().ToString("yyyy_MM", System.Globalization.CultureInfo.InvariantCulture);
        string[] tampering =
        [
            $"update billing.usage_ledger set cost_micros = 0 where tenant_id = '{tenant.Id}'",
            $"update billing.usage_ledger set tenant_id = gen_random_uuid() where tenant_id = '{tenant.Id}'",
            $"update billing.usage_ledger_{month} set cost_micros = 0 where tenant_id = '{tenant.Id}'",
            $"delete from billing.usage_ledger where tenant_id = '{tenant.Id}'",
            $"delete from billing.usage_ledger_{month} where tenant_id = '{tenant.Id}'",
            "truncate billing.usage_ledger",
            $"truncate billing.usage_ledger_{month}",
            .. role == "owner" ? [] : (string[])[
                "insert into billing.usage_ledger select * from billing.usage_ledger",
                "insert into billing.usage_fresh select * from billing.usage_fresh",
                $"select billing.reverse_entry('{tenant.Id}', (select id from billing.usage_ledger where tenant_id = '{tenant.Id}'), 'mine')",
                $"alter table billing.usage_ledger disable trigger all",
                $"drop table billing.usage_ledger_{month}"],
        ];

        foreach (var statement in tampering)
        {
            Assert.That(() => Sql.Execute(connection, statement), Throws.TypeOf<PostgresException>(), statement);
        }

        Assert.That(await Totals(tenant), Is.EqualTo("1 3"));
    }

    [Test]
    public async Task Takes_an_entry_back_once_although_two_do_it_at_the_same_time()
    {
        var tenant = await app.Tenant();
        await Book(tenant, Guid.CreateVersion7(), cost: 11);
        var entry = await Sql.Scalar<Guid>(app.Database.Owner, "select id from billing.usage_ledger where tenant_id = $1", tenant.Id);
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                await Sql.Execute(app.Database.Owner, $"select billing.reverse_entry('{tenant.Id}', '{entry}', 'The vendor gave it back.')");
                return 1;
            }
            catch (PostgresException)
            {
                return 0;
            }
        }));

        Assert.That(tries.Sum(), Is.EqualTo(1));
        Assert.That(await Totals(tenant), Is.EqualTo("2 0"));
        using var usage = await (await tenant.ApiKey("billing:read")).GetAsync("/v1/usage");
        Assert.That((await usage.Json(200)).GetProperty("totals").EnumerateArray().Single().GetProperty("cost_micros").GetInt64(), Is.Zero);
    }

    [Test]
    public async Task Rebuilds_its_days_to_the_byte_while_entries_come()
    {
        var own = new PricedVendor();
        await using var node = await own.Start(null, ("Roles", "api,worker"));
        var tenant = await node.Tenant();
        var random = new Random(7);
        var sum = 0L;
        async Task Book(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var cost = random.NextInt64(0, 1_000_000);
                sum += cost;
                await Sql.Execute(node.Database.Engine, $"""
                    select platform.book_usage('{tenant.Id}', '{Guid.CreateVersion7()}', gen_random_uuid(), md5({random.Next(3)}::text)::uuid, md5({random.Next(3)}::text)::uuid, null,
                      {Usage(cost)}, now() - interval '{random.Next(60)} hours')
                    """);
            }
        }

        async Task<string> Days() => string.Join('\n', await Sql.Column(node.Database.Owner, "select d::text from billing.usage_daily d order by 1"));
        async Task RollUp() => await Sql.Execute(node.Database.Engine, "select billing.roll_up(10)");
        await Book(25);
        await RollUp();
        await RollUp();
        var rolling = Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                await RollUp();
                await Sql.Execute(node.Database.Engine, "select billing.rebuild_days()");
            }
        });
        await Book(60);
        await rolling;
        while (await Sql.Scalar<long>(node.Database.Owner, "select count(*) from billing.usage_fresh") > 0)
        {
            await RollUp();
        }

        var rolled = await Days();
        await Sql.Execute(node.Database.Engine, "select billing.rebuild_days()");
        Assert.That(await Days(), Is.EqualTo(rolled));
        Assert.That(await Sql.Scalar<decimal>(node.Database.Owner, "select sum(cost_micros) from billing.usage_daily"), Is.EqualTo(sum));
    }

    [Test]
    public async Task Shows_usage_by_day_agent_service_user_and_key_the_same_before_and_after_it_was_summed()
    {
        var tenant = await app.Tenant();
        var http = await tenant.ApiKey("agents:read", "agents:write", "runs:read", "runs:execute", "billing:read");
        var agent = await http.Agent(PricedVendor.Graph("""{ "cost": 30, "tokens": 4 }"""));
        await http.Run(agent);
        await http.Run(agent);
        await http.RunOnce(PricedVendor.Graph("""{ "cost": 5, "service": "test/small" }"""));
        string[] groups = ["day", "agent", "service", "user", "key", "day,agent"];
        async Task<string[]> Ask() => await Task.WhenAll(groups.Select(async group =>
        {
            using var answer = await http.GetAsync($"/v1/usage?group_by={group}");
            var report = await answer.Json(200);
            Assert.That(report.GetProperty("totals").EnumerateArray().Single().GetProperty("cost_micros").GetInt64(), Is.EqualTo(65));
            return report.GetProperty("items").GetRawText();
        }));

        var fresh = await Ask();
        await app.Services.GetRequiredService<UsageRollUp>().DoOnce(CancellationToken.None);
        Assert.That(await Ask(), Is.EqualTo(fresh));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fresh[1], Does.Contain($"\"{agent}\""));
            Assert.That(fresh[2], Does.Contain("test/large").And.Contain("test/small"));
            Assert.That(fresh[5], Does.Match($"\"day\":\"\\d{{4}}-\\d\\d-\\d\\d\",\"key\":\"[0-9a-f-]{{36}}\",\"name\":\"{agent}\""));
            Assert.That(fresh[0], Does.Contain(TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
        }
    }

    [TestCase("group_by=month", 422)]
    [TestCase("group_by=agent,day", 422)]
    [TestCase("group_by=day,user&from=2026-01-01&to=2026-06-01", 422)]
    [TestCase("group_by=day,user&from=2026-01-01&to=2026-03-01", 200)]
    [TestCase("from=2026-02-30", 400)]
    [TestCase("from=2026-02-03&to=2026-02-02", 422)]
    [TestCase("from=2020-01-01&to=2026-01-01", 422)]
    [TestCase("from=0001-01-01", 422)]
    [TestCase("from=9999-12-31", 200)]
    public async Task Answers_for_spans_that_make_sense(string query, int status)
    {
        var tenant = await app.Tenant();
        using var answer = await tenant.Http.GetAsync($"/v1/usage?{query}");
        await answer.Json(status);
    }

    static string Usage(long cost) =>
        $$"""'[{"service":"test/large","currency":"USD","tokens_prompt":2,"tokens_completion":1,"tokens_cached":0,"tokens_reasoning":0,"units":0,"api_calls":1,"cost_micros":{{cost}},"is_estimated":false}]'""";

    static Task Book(TestTenant tenant, Guid step, long cost, int repeats = 1, string at = "now()") => Sql.Execute(app.Database.Engine, $"""
        select platform.book_usage('{tenant.Id}', '{step}', '{step}', null, null, null, {Usage(cost)}, {at}) from generate_series(1, {repeats})
        """);

    /// <summary>How many entries, and what they cost.</summary>
    static Task<string?> Totals(TestTenant tenant) =>
        Sql.Scalar<string>(app.Database.Owner, "select count(*) || ' ' || coalesce(sum(cost_micros), 0) from billing.usage_ledger where tenant_id = $1", tenant.Id);

    static Task<string?> Partition(TestTenant tenant) =>
        Sql.Scalar<string>(app.Database.Owner, "select c.relname::text from billing.usage_ledger l join pg_class c on c.oid = l.tableoid where tenant_id = $1", tenant.Id);
}
