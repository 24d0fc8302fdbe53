using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Application.Billing;
using AgentPlatform.Infrastructure.Billing;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Billing;

public sealed class BudgetTests
{
    static readonly PricedVendor Vendor = new();
    static TestApp app = null!;

    [OneTimeSetUp]
    public static async Task Start() => app = await Vendor.Start();

    [OneTimeTearDown]
    public static async Task Stop() => await app.DisposeAsync();

    [TestCase(10, 10)]
    [TestCase(10, 7)]
    [TestCase(33, 1)]
    public async Task Sixty_four_runs_side_by_side_spend_no_more_than_there_is(int reserved, int cost)
    {
        var (tenant, http) = await Tenant();
        await Budget(tenant, new { name = "Small", scope = "tenant", limit_micros = 100 });
        var agent = await http.Agent(PricedVendor.Graph($$"""{ "cost": {{cost}}, "reserve": {{reserved}} }"""));
        var runs = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => http.Run(agent)));

        var succeeded = runs.Count(run => run.GetProperty("status").GetString() == "succeeded");
        var budget = await One(tenant);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(runs.Where(run => run.GetProperty("status").GetString() != "succeeded").Select(run => run.GetProperty("error").GetProperty("code").GetString()), Is.All.EqualTo("budget_exceeded"));
            Assert.That(budget.GetProperty("spent_micros").GetInt64(), Is.EqualTo(succeeded * cost).And.LessThanOrEqualTo(100));
            Assert.That(budget.GetProperty("held_micros").GetInt64(), Is.Zero);
            Assert.That(100 - (succeeded * cost), cost == reserved ? Is.LessThan(reserved) : Is.GreaterThanOrEqualTo(0));
            Assert.That(succeeded, Is.GreaterThanOrEqualTo(100 / reserved));
        }
    }

    [Test]
    public async Task Holds_an_agent_a_user_and_a_key_to_their_own()
    {
        var (tenant, http) = await Tenant();
        var (mine, other) = (await http.Agent(PricedVendor.Graph("""{ "cost": 60, "reserve": 60 }""")), await http.Agent(PricedVendor.Graph("""{ "cost": 60, "reserve": 60 }""")));
        await Budget(tenant, new { name = "Agent", scope = "agent", agent = mine, limit_micros = 100 });
        Assert.That(await Status(http, mine), Is.EqualTo("succeeded"));
        Assert.That(await Status(http, mine), Is.EqualTo("budget_exceeded"));
        Assert.That(await Status(http, other), Is.EqualTo("succeeded"), "another agent's money is its own");

        using var keys = await tenant.Http.GetAsync("/v1/api-keys");
        var key = (await keys.Json(200)).GetProperty("items")[0].GetProperty("id").GetGuid();
        await Budget(tenant, new { name = "Key", scope = "key", api_key_id = key, limit_micros = 150 });
        Assert.That(await Status(http, other), Is.EqualTo("budget_exceeded"), "what the key spent before counts: 120 of 150");
        Assert.That(await Status(tenant.Http, other), Is.EqualTo("succeeded"), "the person's browser is not the key");

        using var me = await tenant.Http.GetAsync("/v1/me");
        var user = (await me.Json(200)).GetProperty("user").GetProperty("id").GetGuid();
        await Budget(tenant, new { name = "User", scope = "user", user_id = user, limit_micros = 200 });
        Assert.That(await Status(tenant.Http, other), Is.EqualTo("budget_exceeded"), "the key's 120 and the browser's 60 are the person's");
    }

    [Test]
    public async Task A_run_that_another_node_takes_up_reserves_the_same_again_and_not_more()
    {
        var own = new PricedVendor();
        (string, string)[] settings = [("Engine:LeaseSeconds", "5"), ("Engine:DrainSeconds", "0")];
        var first = await own.Start(null, settings);
        var tenant = await first.Tenant();
        var http = await tenant.ApiKey("agents:write", "runs:read", "runs:execute");
        await Budget(tenant, new { name = "Once", scope = "tenant", limit_micros = 100 });
        var run = await http.Start(await http.Agent(PricedVendor.Graph("""{ "cost": 60, "reserve": 60, "holds": "yes" }""")));
        await own.Held.Task;
        await using var second = await own.Start(first, settings);
        using var there = second.Anonymous();
        there.DefaultRequestHeaders.Authorization = http.DefaultRequestHeaders.Authorization;
        await first.DisposeAsync();
        own.Gate.TrySetResult();

        var ended = await there.Drain(run);
        Assert.That(ended.GetProperty("status").GetString(), Is.EqualTo("succeeded"), ended.GetRawText());
        Assert.That(await Sql.Scalar<long>(second.Database.Owner, "select count(*) from billing.reservations where lost_at is null"), Is.Zero);
    }

    [Test]
    public async Task Gives_back_what_was_set_aside_for_a_call_that_nobody_will_settle_and_says_that_its_cost_is_unknown()
    {
        var own = new PricedVendor();
        await using var node = await own.Start();
        var tenant = await node.Tenant();
        var http = await tenant.ApiKey("agents:write", "runs:read", "runs:execute", "billing:read");
        await Budget(tenant, new { name = "Lost", scope = "tenant", limit_micros = 100 });
        var run = await http.Start(await http.Agent(PricedVendor.Graph("""{ "cost": 1, "holds": "yes" }""")));
        await own.Held.Task;
        var budgets = node.Services.GetRequiredService<IBudgets>();
        Assert.That(await budgets.Reserve(new Reservation(tenant.Id, Guid.CreateVersion7(), run, null, null, null, "test/large", 70, TimeSpan.FromHours(1)), default), Is.Null);
        var job = node.Services.GetRequiredService<UsageRollUp>();
        await job.DoOnce(CancellationToken.None);
        Assert.That((await One(tenant)).GetProperty("held_micros").GetInt64(), Is.EqualTo(70), "its run is at work");

        own.Gate.TrySetResult();
        await http.Drain(run);
        await Eventually.Holds(async () =>
        {
            await job.DoOnce(CancellationToken.None);
            return (await One(tenant)).GetProperty("held_micros").GetInt64() == 0;
        });
        using var usage = await http.GetAsync("/v1/usage");
        var unknown = (await usage.Json(200)).GetProperty("unknown");
        Assert.That((unknown.GetProperty("calls").GetInt64(), unknown.GetProperty("micros_at_most").GetInt64()), Is.EqualTo((1, 70)));
    }

    [Test]
    public async Task Gives_back_what_is_released()
    {
        var (tenant, _) = await Tenant();
        await Budget(tenant, new { name = "Released", scope = "tenant", limit_micros = 100 });
        var budgets = app.Services.GetRequiredService<IBudgets>();
        Reservation Ask(Guid id) => new(tenant.Id, id, Guid.CreateVersion7(), null, null, null, "test/large", 80, TimeSpan.FromMinutes(1));
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Assert.That(await budgets.Reserve(Ask(one), default), Is.Null);
        Assert.That(await budgets.Reserve(Ask(one), default), Is.Null, "the same again");
        Assert.That((await budgets.Reserve(Ask(other), default))?.Code, Is.EqualTo("budget_exceeded"));
        await budgets.Release(tenant.Id, one, default);
        Assert.That(await budgets.Reserve(Ask(other), default), Is.Null);
    }

    [Test]
    public async Task Tells_once_that_a_budget_runs_low_and_once_that_it_is_used_up_and_only_alerts_where_it_shall_not_block()
    {
        var (tenant, http) = await Tenant();
        await Budget(tenant, new { name = "Told", scope = "tenant", limit_micros = 100, action = "alert", alert_at_percent = 50 });
        var agent = await http.Agent(PricedVendor.Graph("""{ "cost": 30, "reserve": 30 }"""));
        async Task<string> Told() => string.Join(' ', await Sql.Column(app.Database.Owner, $"select type from platform.outbox where tenant_id = '{tenant.Id}' and type like 'budget.%' order by created_at, type"));
        var job = app.Services.GetRequiredService<UsageRollUp>();
        async Task Spend()
        {
            Assert.That(await Status(http, agent), Is.EqualTo("succeeded"));
            await Eventually.Holds(async () =>
            {
                await job.DoOnce(CancellationToken.None);
                return await Sql.Scalar<long>(app.Database.Owner, "select count(*) from billing.usage_fresh where tenant_id = $1", tenant.Id) == 0;
            });
        }

        await Spend();
        Assert.That(await Told(), Is.Empty);
        await Spend();
        Assert.That(await Told(), Is.EqualTo("budget.alert"));
        await Spend();
        Assert.That(await Told(), Is.EqualTo("budget.alert"));
        await Spend();
        await Spend();
        Assert.That(await Told(), Is.EqualTo("budget.alert budget.exceeded"));

        var budget = await One(tenant);
        using var raised = await tenant.Http.PatchAsJsonAsync($"/v1/budgets/{budget.GetProperty("id").GetString()}", new { limit_micros = 160 });
        await raised.Json(200);
        await Spend();
        Assert.That(await Told(), Is.EqualTo("budget.alert budget.exceeded budget.alert budget.exceeded"), "under new terms it is told anew");
    }

    [Test]
    public async Task Asks_the_database_nothing_where_no_budget_blocks()
    {
        var (tenant, _) = await Tenant();
        var budgets = app.Services.GetRequiredService<IBudgets>();
        async Task<string?> Ask() => (await budgets.Reserve(
            new Reservation(tenant.Id, Guid.CreateVersion7(), Guid.CreateVersion7(), null, null, null, "test/large", 2, TimeSpan.FromMinutes(1)), default))?.Code;
        Assert.That(budgets.MayRefuse(tenant.Id), "nobody has asked yet");
        Assert.That(await Ask(), Is.Null);
        Assert.That(budgets.MayRefuse(tenant.Id), Is.False);
        var id = (await Budget(tenant, new { name = "One", scope = "tenant", limit_micros = 1 })).GetProperty("id").GetString();
        Assert.That(await Ask(), Is.EqualTo("budget_exceeded"));
        using var gone = await tenant.Http.DeleteAsync($"/v1/budgets/{id}");
        await gone.Json(204);
        await Eventually.Holds(async () => await Ask() is null && !budgets.MayRefuse(tenant.Id));
    }

    [TestCase("""{ "name": "", "scope": "tenant", "limit_micros": 1 }""", "/name")]
    [TestCase("""{ "name": "B", "scope": "galaxy", "limit_micros": 1 }""", "/scope")]
    [TestCase("""{ "name": "B", "scope": "tenant", "limit_micros": -1 }""", "/limit_micros")]
    [TestCase("""{ "name": "B", "scope": "tenant", "limit_micros": 1000000000000001 }""", "/limit_micros")]
    [TestCase("""{ "name": "B", "scope": "tenant", "limit_micros": 1, "window": "week" }""", "/window")]
    [TestCase("""{ "name": "B", "scope": "tenant", "limit_micros": 1, "action": "shout" }""", "/action")]
    [TestCase("""{ "name": "B", "scope": "tenant", "limit_micros": 1, "alert_at_percent": 0 }""", "/alert_at_percent")]
    [TestCase("""{ "name": "B", "scope": "agent", "limit_micros": 1 }""", "/agent")]
    [TestCase("""{ "name": "B", "scope": "agent", "agent": "nobody", "limit_micros": 1 }""", "/agent")]
    [TestCase("""{ "name": "B", "scope": "tenant", "agent": "nobody", "limit_micros": 1 }""", "/agent")]
    [TestCase("""{ "name": "B", "scope": "user", "user_id": "00000000-0000-0000-0000-000000000001", "limit_micros": 1 }""", "/user_id")]
    [TestCase("""{ "name": "B", "scope": "key", "api_key_id": "00000000-0000-0000-0000-000000000001", "limit_micros": 1 }""", "/api_key_id")]
    public async Task Refuses_a_budget_that_makes_no_sense(string body, string pointer)
    {
        var (tenant, _) = await Tenant();
        using var answer = await tenant.Http.PostAsync("/v1/budgets", Runs.Json(body));
        Assert.That((await answer.Json(422)).GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()), Has.Member(pointer));
    }

    static async Task<(TestTenant Tenant, HttpClient Http)> Tenant()
    {
        var tenant = await app.Tenant();
        return (tenant, await tenant.ApiKey("agents:write", "runs:read", "runs:execute"));
    }

    /// <summary>Sets a budget, and waits until the node has heard of it.</summary>
    static async Task<JsonElement> Budget(TestTenant tenant, object budget)
    {
        using var answer = await tenant.Http.PostAsJsonAsync("/v1/budgets", budget);
        var made = await answer.Json(201);
        if (made.GetProperty("action").GetString() == "block")
        {
            await Eventually.Holds(() => Task.FromResult(tenant.App.Services.GetRequiredService<IBudgets>().MayRefuse(tenant.Id)));
        }

        return made;
    }

    static async Task<JsonElement> One(TestTenant tenant)
    {
        using var answer = await tenant.Http.GetAsync("/v1/budgets");
        return (await answer.Json(200)).GetProperty("items").EnumerateArray().Single();
    }

    /// <summary>How a run of the agent ended: its status, or the code of its error.</summary>
    static async Task<string?> Status(HttpClient http, string agent)
    {
        var run = await http.Run(agent);
        return run.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("code").GetString() : run.GetProperty("status").GetString();
    }
}
