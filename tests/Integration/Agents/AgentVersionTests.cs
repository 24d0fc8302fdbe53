using System.Net.Http.Json;
using AgentPlatform.Integration.Support;
using Npgsql;

namespace AgentPlatform.Integration.Agents;

public sealed class AgentVersionTests
{
    [Test]
    public async Task Numbers_versions_upwards_and_shows_the_latest()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a");
        var next = await tenant.Http.Post("/v1/agents/a/versions", new { graph = AgentSamples.Json(AgentSamples.Fetch), changelog = "Fetches." }, 201);
        var asked = await tenant.Http.Post("/v1/agents/a/versions", new { graph = AgentSamples.Json(AgentSamples.Fetch), semantic_version = "3.0.0" }, 201);
        using var lower = await tenant.Http.PostAsJsonAsync("/v1/agents/a/versions", new { graph = AgentSamples.Json(AgentSamples.Hello), semantic_version = "2.9.9" });
        using var same = await tenant.Http.PostAsJsonAsync("/v1/agents/a/versions", new { graph = AgentSamples.Json(AgentSamples.Fetch) });
        await lower.Problem(409, "version_not_newer");
        await same.Problem(409, "no_change");

        var versions = (await tenant.Http.Get("/v1/agents/a/versions")).GetProperty("items").EnumerateArray().ToList();
        Assert.Multiple(() =>
        {
            Assert.That((next.Text("semantic_version"), asked.Text("semantic_version")), Is.EqualTo(("1.1.0", "3.0.0")));
            Assert.That(versions.Select(v => v.Text("semantic_version")), Is.EqualTo(new[] { "3.0.0", "1.1.0", "1.0.0" }));
            Assert.That(versions.Select(v => v.GetProperty("is_latest").GetBoolean()), Is.EqualTo(new[] { true, false, false }));
            Assert.That(versions.Select(v => v.GetProperty("nodes").GetInt32()), Is.EqualTo(new[] { 2, 2, 1 }));
        });
        Assert.That((await tenant.Http.Get("/v1/agents/a")).Text("latest_version"), Is.EqualTo("3.0.0"));
        Assert.That((await tenant.Http.Get($"/v1/agents/a/versions/{next.Text("id")}")).Text("changelog"), Is.EqualTo("Fetches."));
        Assert.That(await tenant.Http.Audited("agent.version_created"), Is.EqualTo(2));
    }

    [Test]
    public async Task Refuses_an_empty_version_and_one_with_faults()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a");
        using var empty = await tenant.Http.PostAsJsonAsync("/v1/agents/a/versions", new { changelog = "Nothing." });
        using var broken = await tenant.Http.PostAsJsonAsync(
            "/v1/agents/a/versions", new { graph = AgentSamples.Json("""{ "nodes": [{ "id": "x", "skill": "transform", "with": { "v": "=foo(" } }] }"""), default_params = 5 });
        Assert.That((await empty.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/graph", "required") }));
        Assert.That(
            (await broken.Problem(422, "invalid")).Faults(),
            Is.EqualTo(new[] { ("/default_params", "wrong_type"), ("/graph/nodes/0/with/v", "invalid_expression") }));
        Assert.That((await tenant.Http.Get("/v1/agents/a/versions")).GetProperty("items").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task Tells_two_versions_apart()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Post("/v1/agents", new { slug = "a", name = "Agent", graph = AgentSamples.Json(AgentSamples.Hello), system_prompt = "One." }, 201);
        const string changed =
            """
            {
              "nodes": [
                { "id": "hello", "skill": "transform", "with": { "text": "=input.title" } },
                { "id": "more", "skill": "transform" }
              ],
              "edges": [{ "from": "hello", "to": "more" }],
              "output": "=more"
            }
            """;
        await tenant.Http.Post("/v1/agents/a/versions", new { graph = AgentSamples.Json(changed), system_prompt = "Two." }, 201);
        var diff = await tenant.Http.Get("/v1/agents/a/versions/1.0.0/diff/latest");
        var (graph, setting) = (diff.GetProperty("graph"), diff.GetProperty("settings")[0]);
        var change = graph.GetProperty("nodes").GetProperty("changed")[0];
        Assert.Multiple(() =>
        {
            Assert.That(diff.GetProperty("is_same").GetBoolean(), Is.False);
            Assert.That(graph.GetProperty("nodes").GetProperty("added")[0].GetString(), Is.EqualTo("more"));
            Assert.That(change.Text("id"), Is.EqualTo("hello"));
            Assert.That(change.GetProperty("changes")[0].Text("pointer"), Is.EqualTo("/with/text"));
            Assert.That(graph.GetProperty("edges").GetProperty("added")[0].Text("to"), Is.EqualTo("more"));
            Assert.That(graph.GetProperty("output")[0].Text("pointer"), Is.EqualTo("/output"));
            Assert.That((setting.Text("pointer"), setting.Text("before"), setting.Text("after")), Is.EqualTo(("/system_prompt", "One.", "Two.")));
        });
        using var unknown = await tenant.Http.GetAsync("/v1/agents/a/versions/1.0.0/diff/9.9.9");
        await unknown.Problem(404, "version_not_found");
    }

    [TestCase("update agents.agent_versions set changelog = 'x'")]
    [TestCase("delete from agents.agent_versions")]
    [TestCase("update agents.agent_version_skills set skill = 'x'")]
    [TestCase("update agents.skill_versions set spec = '{\"a\": 1}' where tenant_id = '00000000-0000-0000-0000-000000000000'")]
    [TestCase("delete from agents.skill_versions")]
    public async Task Is_never_changed_in_the_database_by_anybody(string sql)
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a");
        await Refused(tenant.App.Database.Owner, sql);
    }

    // In a database of its own: truncating takes locks that everybody else's tests would wait for.
    [Test]
    public async Task Is_never_truncated_by_anybody()
    {
        var database = await PostgresFixture.NewDatabase();
        foreach (var table in new[] { "agent_versions", "agent_version_skills", "skill_versions" })
        {
            await Refused(database.Owner, $"truncate agents.{table} cascade");
        }
    }

    [Test]
    public async Task Answers_which_agents_use_a_skill_from_an_index_under_row_level_security()
    {
        var tenant = await TestApp.NewTenant();
        await using var app = NpgsqlDataSource.Create(tenant.App.Database.App);
        await using var connection = await app.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            begin;
            set local enable_seqscan = off;
            set local app.tenant_id = '{tenant.Id}';
            explain select from agents.agent_version_skills where tenant_id = '{tenant.Id}' and skill = 'http_request';
            """;
        var plan = await Sql.Column(command);

        // The skill is part of the index condition, which a jsonb or array operator never is behind the policy.
        Assert.That(string.Join('\n', plan), Does.Match(@"agent_version_skills_skill_idx[\s\S]*Index Cond: .*skill = 'http_request'"));
    }

    static async Task Refused(string owner, string sql)
    {
        await using var source = NpgsqlDataSource.Create(owner);
        await using var command = source.CreateCommand(sql);
        Assert.That(
            async () => await command.ExecuteNonQueryAsync(),
            Throws.InstanceOf<PostgresException>().With.Property(nameof(PostgresException.SqlState)).EqualTo(PostgresErrorCodes.RestrictViolation));
    }
}
