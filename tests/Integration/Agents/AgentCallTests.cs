using System.Net.Http.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Agents;

/// <summary>Agents that run agents: what is refused before anything runs.</summary>
public sealed class AgentCallTests
{
    static string Calls(string agent, string? version = null) =>
        $$"""{ "nodes": [{ "id": "call", "skill": "agent", "with": { "agent": "{{agent}}"{{(version is null ? "" : $", \"version\": \"{version}\"")}} } }] }""";

    [Test]
    public async Task Refuses_agents_and_versions_that_do_not_exist_with_their_places()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("helper");
        var graph = AgentSamples.Json("""
            { "nodes": [
              { "id": "a", "skill": "agent", "with": { "agent": "helper", "version": "1.0.0" } },
              { "id": "b", "skill": "agent", "with": { "agent": "nobody" } },
              { "id": "c", "skill": "agent", "with": { "agent": "helper", "version": "7.0.0" } },
              { "id": "d", "skill": "foreach", "with": { "items": [], "body": { "agent": "gone", "input": "=nothing" } } }
            ] }
            """);
        var verdict = await tenant.Http.Post("/v1/agents/validate", new { graph }, 200);
        Assert.That(verdict.Faults(), Is.EquivalentTo(new[]
        {
            ("/graph/nodes/1/with/agent", "unknown_agent"),
            ("/graph/nodes/2/with/version", "version_not_found"),
            ("/graph/nodes/3/with/body/agent", "unknown_agent"),
            ("/graph/nodes/3/with/body/input", "unknown_name"),
        }));
    }

    [Test]
    public async Task Another_tenants_agent_is_unknown()
    {
        var (mine, theirs) = (await TestApp.NewTenant(), await TestApp.NewTenant());
        var id = (await theirs.Http.Agent("theirs")).Text("id")!;
        foreach (var name in new[] { "theirs", id })
        {
            var verdict = await mine.Http.Post("/v1/agents/validate", new { graph = AgentSamples.Json(Calls(name)) }, 200);
            Assert.That(verdict.Faults(), Is.EqualTo(new[] { ("/graph/nodes/0/with/agent", "unknown_agent") }));
        }
    }

    [Test]
    public async Task A_version_that_closes_a_cycle_is_refused_with_the_chain()
    {
        var tenant = await TestApp.NewTenant();
        var a = await tenant.Http.Agent("a");
        await tenant.Http.Agent("b", Calls("a"));
        await tenant.Http.Agent("c", Calls("b", "1.0.0"));
        foreach (var called in new[] { "c", "b", "a", a.Text("id")! })
        {
            using var answer = await tenant.Http.PostAsJsonAsync("/v1/agents/a/versions", new { graph = AgentSamples.Json(Calls(called)) });
            var problem = await answer.Problem(422, "invalid");
            Assert.That(problem.Faults(), Is.EqualTo(new[] { ("/graph/nodes/0/with", "agent_cycle") }));
            if (called == "c")
            {
                Assert.That(problem.GetProperty("errors")[0].Text("message"), Does.Contain("a → c → b → a"));
            }
        }

        await tenant.Http.Post("/v1/agents/c/versions", new { graph = AgentSamples.Json(Calls("a")) }, 201);
    }

    [Test]
    public async Task Agents_call_each_other_at_most_eight_levels_deep()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a0");
        for (var i = 1; i <= 8; i++)
        {
            await tenant.Http.Agent($"a{i}", Calls($"a{i - 1}"));
        }

        var verdict = await tenant.Http.Post("/v1/agents/validate", new { graph = AgentSamples.Json(Calls("a8")) }, 200);
        Assert.That(verdict.Faults(), Is.EqualTo(new[] { ("/graph/nodes/0/with", "agent_depth") }));
    }

    [Test]
    public async Task Of_two_versions_that_together_close_a_cycle_only_one_is_stored()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a");
        await tenant.Http.Agent("b");
        for (var round = 0; round < 5; round++)
        {
            // Back to no calls at all; with a number, the same content again is a version.
            await tenant.Http.Post("/v1/agents/a/versions", new { graph = AgentSamples.Json(AgentSamples.Hello), semantic_version = $"{round + 2}.0.0" }, 201);
            await tenant.Http.Post("/v1/agents/b/versions", new { graph = AgentSamples.Json(AgentSamples.Hello), semantic_version = $"{round + 2}.0.0" }, 201);
            var answers = await Task.WhenAll(
                tenant.Http.PostAsJsonAsync("/v1/agents/a/versions", new { graph = AgentSamples.Json(Calls("b")) }),
                tenant.Http.PostAsJsonAsync("/v1/agents/b/versions", new { graph = AgentSamples.Json(Calls("a")) }));
            Assert.That(answers.Select(r => (int)r.StatusCode), Is.EquivalentTo([201, 422]));
        }
    }

    [Test]
    public async Task A_clone_calls_what_the_original_calls()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent("a");
        await tenant.Http.Agent("b", Calls("a"));
        await tenant.Http.Post("/v1/agents/b/clone", new { slug = "copy" }, 201);
        using var answer = await tenant.Http.PostAsJsonAsync("/v1/agents/a/versions", new { graph = AgentSamples.Json(Calls("copy")) });
        Assert.That((await answer.Problem(422, "invalid")).Faults(), Is.EqualTo(new[] { ("/graph/nodes/0/with", "agent_cycle") }));
    }
}
