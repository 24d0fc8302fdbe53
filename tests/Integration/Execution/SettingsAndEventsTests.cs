using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Agents;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>Settings that runs read and write, and events that they emit.</summary>
[TestFixture]
public sealed class SettingsAndEventsTests
{
    const string Reads = """{ "nodes": [{ "id": "read", "skill": "transform", "with": { "mode": "=config.mode", "all": "=config" } }] }""";

    [Test]
    public async Task A_run_reads_the_settings_of_its_agent()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Reads);
        Assert.That((await tenant.Http.Run(agent)).GetProperty("output").GetRawText(), Is.EqualTo("""{"mode":null,"all":{}}"""));

        await Put(tenant, agent, "mode", new { value = new { fast = true } });
        await Put(tenant, agent, "limit", new { value = 3, description = "How many" });
        var run = await UntilOutput(tenant, agent, output => output.GetProperty("mode").ValueKind is JsonValueKind.Object && output.GetProperty("all").TryGetProperty("limit", out _));
        Assert.That(run.GetRawText(), Is.EqualTo("""{"mode":{"fast":true},"all":{"limit":3,"mode":{"fast":true}}}"""));

        using var gone = await tenant.Http.DeleteAsync($"/v1/agents/{agent}/config/mode");
        await gone.Json(204);
        await UntilOutput(tenant, agent, output => output.GetProperty("mode").ValueKind is JsonValueKind.Null);
        Assert.That(await tenant.Http.Audited("agent.config_set"), Is.EqualTo(2));
        Assert.That(await tenant.Http.Audited("agent.config_deleted"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_run_keeps_the_settings_that_it_was_accepted_with()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent("""
            {
              "nodes": [{ "id": "hold", "skill": "wait", "with": { "for": "2s" } }, { "id": "read", "skill": "transform", "with": { "mode": "=config.mode" } }],
              "edges": [{ "from": "hold", "to": "read" }]
            }
            """);
        await Put(tenant, agent, "mode", new { value = "old" });
        // The cache hears of it through the database.
        Guid run;
        do
        {
            run = await tenant.Http.Start(agent);
        }
        while (await Sql.Scalar<string>(tenant.App.Database.Owner, $"select config::text from execution.runs where id = '{run}'") is null);

        await Put(tenant, agent, "mode", new { value = "new" });
        Assert.That((await tenant.Http.Drain(run)).GetProperty("output").GetRawText(), Is.EqualTo("""{"mode":"old"}"""));
    }

    [Test]
    public async Task Set_config_writes_for_the_runs_after_it()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent("""
            {
              "nodes": [{ "id": "set", "skill": "set_config", "with": { "key": "cursor", "value": "=input.cursor" } }, { "id": "read", "skill": "transform", "with": { "seen": "=config.cursor" } }],
              "edges": [{ "from": "set", "to": "read" }]
            }
            """);
        var first = await tenant.Http.Run(agent, """{ "input": { "cursor": [1, "b"] } }""");
        Assert.That(first.GetProperty("output").GetRawText(), Is.EqualTo("""{"seen":null}"""));
        Assert.That((await tenant.Http.Get($"/v1/agents/{agent}/config/cursor")).GetProperty("value").GetRawText(), Is.EqualTo("""[1,"b"]"""));

        var refused = await tenant.Http.RunOnce("""{ "nodes": [{ "id": "set", "skill": "set_config", "with": { "key": "=input.key", "value": 1 } }] }""", """{ "input": { "key": "not a key" } }""");
        Assert.That(refused.GetProperty("status").GetString(), Is.EqualTo("failed"));
    }

    [TestCase("mode", """{ "value": "x", "is_encrypted": true }""", 422, "invalid")]
    [TestCase("mode", """{ "description": "x" }""", 422, "invalid")]
    [TestCase("1mode", """{ "value": 1 }""", 422, "invalid")]
    [TestCase("mo.de", """{ "value": 1 }""", 422, "invalid")]
    public async Task Refuses_settings_that_cannot_be(string key, string body, int status, string code)
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Reads);
        using var answer = await tenant.Http.PutAsync($"/v1/agents/{agent}/config/{key}", Runs.Json(body));
        await answer.Problem(status, code);
    }

    [Test]
    public async Task Settings_have_limits()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Reads);
        using var large = await tenant.Http.PutAsJsonAsync($"/v1/agents/{agent}/config/a", new { value = new string('x', 64 * 1024) });
        await large.Problem(422, "invalid");
        await Sql.Execute(tenant.App.Database.Owner, $"""
            insert into agents.agent_configs (tenant_id, agent_id, key, value)
            select a.tenant_id, a.id, 'k' || n, '1' from agents.agents a, generate_series(1, 256) n where a.slug = '{agent}'
            """);
        using var many = await tenant.Http.PutAsJsonAsync($"/v1/agents/{agent}/config/another", new { value = 1 });
        await many.Problem(409, "too_many_configs");
        await Put(tenant, agent, "k7", new { value = 2 });
    }

    [Test]
    public async Task Emits_an_event_once_with_an_id_of_the_step()
    {
        var tenant = await TestApp.NewTenant();
        var run = await tenant.Http.RunOnce("""{ "nodes": [{ "id": "tell", "skill": "emit_event", "with": { "type": "order.paid", "data": { "n": "=input.n" } } }] }""", """{ "input": { "n": 7 } }""");
        var id = run.GetProperty("output").GetProperty("id").GetGuid();
        var stored = await Sql.Scalar<string>(tenant.App.Database.Owner, $"select type || ' ' || key || ' ' || (payload -> 'data')::text from platform.outbox where id = '{id}'");
        Assert.That(stored, Is.EqualTo($$"""order.paid {{run.GetProperty("id").GetGuid()}} {"n": 7}"""));

        var large = await tenant.Http.RunOnce("""{ "nodes": [{ "id": "tell", "skill": "emit_event", "with": { "type": "x", "data": "=input.text" } }] }""", $$"""{ "input": { "text": "{{new string('x', 256 * 1024)}}" } }""");
        Assert.That(large.GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("data_too_large"));
    }

    [Test]
    public async Task A_run_shows_the_tree_of_those_that_it_started()
    {
        var (tenant, other) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        var leaf = await tenant.Http.Agent(Runs.Echo);
        var middle = await tenant.Http.Agent($$"""{ "nodes": [{ "id": "each", "skill": "foreach", "with": { "items": [1, 2], "body": { "agent": "{{leaf}}" } } }] }""");
        var run = (await tenant.Http.RunOnce($$"""{ "nodes": [{ "id": "a", "skill": "agent", "with": { "agent": "{{middle}}" } }] }""")).GetProperty("id").GetGuid();

        var tree = await tenant.Http.Get($"/v1/runs/{run}/tree");
        var root = tree.GetProperty("root");
        var child = root.GetProperty("children").EnumerateArray().Single();
        Assert.Multiple(() =>
        {
            Assert.That((tree.GetProperty("runs").GetInt32(), tree.GetProperty("is_truncated").GetBoolean()), Is.EqualTo((4, false)));
            Assert.That(root.GetProperty("id").GetGuid(), Is.EqualTo(run));
            Assert.That((child.Text("agent"), child.Text("status")), Is.EqualTo((middle, "succeeded")));
            Assert.That(child.GetProperty("children").EnumerateArray().Select(c => c.Text("agent")), Is.EqualTo([leaf, leaf]));
        });
        await other.Http.Get($"/v1/runs/{run}/tree", 404);
    }

    static async Task Put(TestTenant tenant, string agent, string key, object body)
    {
        using var answer = await tenant.Http.PutAsJsonAsync($"/v1/agents/{agent}/config/{key}", body);
        await answer.Json(200);
    }

    /// <summary>Runs the agent until the change has reached the cache.</summary>
    static async Task<JsonElement> UntilOutput(TestTenant tenant, string agent, Func<JsonElement, bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var output = (await tenant.Http.Run(agent)).GetProperty("output");
            if (holds(output))
            {
                return output;
            }

            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
