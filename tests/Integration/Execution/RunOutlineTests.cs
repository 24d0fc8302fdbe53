using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>A run's steps in short: what the web app draws thousands of.</summary>
[TestFixture]
public sealed class RunOutlineTests
{
    const string Each = """
        {
          "nodes": [
            { "id": "each", "skill": "foreach", "with": { "items": "=input.names", "body": { "nodes": [{ "id": "greet", "skill": "transform", "with": { "text": "Hello {{item}}" } }] } } },
            { "id": "last", "skill": "transform", "with": { "n": "=length(each.results)" } }
          ],
          "edges": [{ "from": "each", "to": "last" }]
        }
        """;

    [Test]
    public async Task Tells_of_every_step_what_the_list_tells()
    {
        var tenant = await TestApp.NewTenant();
        var run = (await tenant.Http.RunOnce(Each, """{ "input": { "names": ["a", "b", "c"] } }""")).Id();

        var outline = await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/runs/{run}/outline");

        var steps = await tenant.Http.Steps(run);
        var listed = steps.ConvertAll(step => (
            step.GetProperty("path").GetString(), step.GetProperty("node_id").GetString(), step.GetProperty("idx").GetInt32(), step.GetProperty("attempt").GetInt32(), step.GetProperty("skill").GetString(),
            step.GetProperty("status").GetString()));
        Assert.That(listed, Has.Count.EqualTo(5));
        Assert.That(Rows(outline), Is.EqualTo(listed));
        var origin = outline.GetProperty("origin").GetDateTimeOffset();
        Assert.That(outline.GetProperty("started").EnumerateArray().Select(started => origin.AddMilliseconds(started.GetInt64())),
            Is.EqualTo(steps.ConvertAll(step => step.GetProperty("started_at").GetDateTimeOffset())).Within(TimeSpan.FromMilliseconds(2)));
        Assert.That(outline.GetProperty("took").EnumerateArray().Select(took => took.GetInt64()), Has.All.GreaterThanOrEqualTo(0).And.Exactly(5).Items);
        Assert.That(outline.GetProperty("cost").EnumerateArray().Select(cost => cost.GetInt64()), Is.EqualTo(new long[] { 0, 0, 0, 0, 0 }));
        Assert.That(outline.GetProperty("next_cursor").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Goes_on_where_it_was_cut()
    {
        var tenant = await TestApp.NewTenant();
        var run = (await tenant.Http.RunOnce(Each, """{ "input": { "names": ["a", "b", "c"] } }""")).Id();
        List<string?> paths = [];
        string? cursor = null;
        var pages = 0;
        do
        {
            var page = await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/runs/{run}/outline?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            paths.AddRange(Rows(page).Select(row => row.Path));
            cursor = page.GetProperty("next_cursor").GetString();
            pages++;
        }
        while (cursor is not null);

        Assert.That((pages, paths.Count), Is.EqualTo((3, 5)));
        Assert.That(paths.Where(path => path is not null), Is.EquivalentTo(["each[0]", "each[1]", "each[2]"]));
        foreach (var bad in (string[])["limit=0", "limit=10001", "cursor=e30", "limit=x"])
        {
            using var answer = await tenant.Http.GetAsync($"/v1/runs/{run}/outline?{bad}");
            Assert.That((int)answer.StatusCode, Is.AnyOf(400, 422), bad);
        }
    }

    [Test]
    public async Task Has_the_steps_that_were_taken_over_from_an_earlier_run()
    {
        var tenant = await TestApp.NewTenant();
        var first = (await tenant.Http.RunOnce(Each, """{ "input": { "names": ["a"] } }""")).Id();
        var fork = (await tenant.Http.Post($"/v1/runs/{first}/replay", """{ "from_node": "last" }""", 202)).Id();
        await tenant.Http.Drain(fork);

        var outline = await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/runs/{fork}/outline");

        Assert.That(Rows(outline).Select(row => row.Node), Is.EqualTo((await tenant.Http.Steps(fork)).ConvertAll(step => step.GetProperty("node_id").GetString())).And.Contains("each").And.Contains("last"));
    }

    [Test]
    public async Task One_place_of_a_run_is_read_alone()
    {
        var tenant = await TestApp.NewTenant();
        var run = (await tenant.Http.RunOnce(Each, """{ "input": { "names": ["a", "b"] } }""")).Id();

        var inside = await Steps("each[1].greet");
        var own = await Steps("last");

        Assert.That(inside.ConvertAll(step => step.GetProperty("output").GetProperty("text").GetString()), Is.EqualTo(new[] { "Hello b" }));
        Assert.That(own.ConvertAll(step => step.GetProperty("output").GetProperty("n").GetInt32()), Is.EqualTo(new[] { 2 }));
        Assert.That(await Steps("greet"), Is.Empty, "in the run's own graph there is none of that name");
        foreach (var bad in (string[])["", "%00", new string('a', 1089)])
        {
            using var answer = await tenant.Http.GetAsync($"/v1/runs/{run}/steps?step={bad}");
            Assert.That((int)answer.StatusCode, Is.AnyOf(400, 422), bad);
        }

        async Task<List<JsonElement>> Steps(string step) => [.. (await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/runs/{run}/steps?step={step}")).GetProperty("items").EnumerateArray()];
    }

    [Test]
    public async Task A_run_of_somebody_elses_conversation_is_not_there()
    {
        var tenant = await TestApp.NewTenant();
        var colleague = await tenant.Member("developer");
        var reply = await tenant.Http.Say(await tenant.Http.Conversation(), "A secret");
        var run = reply.GetProperty("run_id").GetGuid();

        using var mine = await tenant.Http.GetAsync($"/v1/runs/{run}/outline");
        using var theirs = await colleague.Http.GetAsync($"/v1/runs/{run}/outline");

        Assert.That(((int)mine.StatusCode, (int)theirs.StatusCode), Is.EqualTo((200, 404)));
    }

    static List<(string? Path, string? Node, int Idx, int Attempt, string? Skill, string? Status)> Rows(JsonElement outline)
    {
        JsonElement[] Column(string name) => [.. outline.GetProperty(name).EnumerateArray()];
        var (nodes, skills, statuses) = (Column("nodes"), Column("skills"), Column("statuses"));
        var (path, idx, attempt, skill, status) = (Column("path"), Column("idx"), Column("attempt"), Column("skill"), Column("status"));
        return [.. Column("node").Select((node, i) => (
            path[i].GetString() is { Length: > 0 } place ? place : null, nodes[node.GetInt32()].GetString(), idx[i].GetInt32(), attempt[i].GetInt32(), skills[skill[i].GetInt32()].GetString(), statuses[status[i].GetInt32()].GetString()))];
    }
}
