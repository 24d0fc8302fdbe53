using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>Lists that go across a tenant's agents.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class TenantListsTests
{
    [Test]
    public async Task The_triggers_of_all_agents_are_one_list()
    {
        var tenant = await TestApp.NewTenant();
        var (one, two) = (await tenant.Http.Agent(Runs.Echo), await tenant.Http.Agent(Runs.Echo));
        var schedule = (await tenant.Http.Schedule(one, "@yearly")).Id();
        using var made = await tenant.Http.PostAsync($"/v1/agents/{two}/triggers", Runs.Json("""{ "name": "M", "kind": "manual" }"""));
        var manual = (await made.Json(201)).Id();
        using var disabled = await tenant.Http.PostAsync($"/v1/triggers/{manual}/disable", null);
        await disabled.Json(200);

        Assert.That(await Ids(""), Is.EqualTo([manual, schedule]), "the newest first");
        Assert.That(await Ids("?kind=schedule"), Is.EqualTo([schedule]));
        Assert.That(await Ids("?enabled=false"), Is.EqualTo([manual]));
        Assert.That(await Ids($"?agent={one}"), Is.EqualTo([schedule]));
        await (await tenant.Http.GetAsync("/v1/triggers?kind=sometimes")).Json(422);

        async Task<List<Guid>> Ids(string query) =>
            [.. (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/triggers{query}")).GetProperty("items").EnumerateArray().Select(item => item.Id())];
    }

    [Test]
    public async Task The_last_runs_of_several_agents_come_at_once_and_say_what_became_of_them()
    {
        var tenant = await TestApp.NewTenant();
        var (echo, failing) = (await tenant.Http.Agent(Runs.Echo), await tenant.Http.Agent("""{ "nodes": [{ "id": "no", "skill": "fail", "with": { "message": "No" } }] }"""));
        var idle = await AgentId(tenant, await tenant.Http.Agent(Runs.Echo));
        await tenant.Http.Run(echo);
        var last = (await tenant.Http.Run(echo)).Id();
        await tenant.Http.Run(failing);
        var (echoId, failingId) = (await AgentId(tenant, echo), await AgentId(tenant, failing));

        var found = await Latest(tenant.Http, $"?last=1&agent_id={echoId}&agent_id={failingId}&agent_id={idle}");

        Assert.That(found.Keys, Is.EquivalentTo([echoId, failingId]), "who never ran is not there");
        Assert.That(found[echoId].Single(), Is.EqualTo((last, "succeeded")));
        Assert.That(found[failingId].Single().Status, Is.EqualTo("failed"));
        Assert.That((await Latest(tenant.Http, $"?agent_id={echoId}"))[echoId], Has.Count.EqualTo(2));
        Assert.That(await Latest((await TestApp.NewTenant()).Http, $"?agent_id={echoId}"), Is.Empty);
    }

    [TestCase("")]
    [TestCase("?last=51&agent_id=00000000-0000-0000-0000-000000000001")]
    [TestCase("?last=0&agent_id=00000000-0000-0000-0000-000000000001")]
    public async Task The_last_runs_are_of_named_agents_and_so_many(string query)
    {
        var tenant = await TestApp.NewTenant();
        using var answer = await tenant.Http.GetAsync($"/v1/runs/latest{query}");
        Assert.That((await answer.Json(422)).GetProperty("errors")[0].GetProperty("code").GetString(), Is.EqualTo("out_of_range"));
    }

    [Test]
    public async Task A_run_in_a_list_names_its_agent_also_one_that_was_deleted()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        await tenant.Http.Run(agent);
        await (await tenant.Http.DeleteAsync($"/v1/agents/{agent}")).Json(204);

        var listed = await tenant.Http.GetFromJsonAsync<JsonElement>("/v1/runs");

        Assert.That(listed.GetProperty("items")[0].GetProperty("agent_slug").GetString(), Is.EqualTo(agent));
    }

    static async Task<Guid> AgentId(TestTenant tenant, string agent) => (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/agents/{agent}")).Id();

    static async Task<Dictionary<Guid, List<(Guid Id, string Status)>>> Latest(HttpClient http, string query) =>
        (await http.GetFromJsonAsync<JsonElement>($"/v1/runs/latest{query}")).GetProperty("items").EnumerateArray().ToDictionary(
            agent => agent.GetProperty("agent_id").GetGuid(),
            agent => agent.GetProperty("runs").EnumerateArray().Select(run => (run.Id(), run.GetProperty("status").GetString()!)).ToList());
}
