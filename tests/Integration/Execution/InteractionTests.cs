using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>What is noted of people's work with agents, here and elsewhere.</summary>
[TestFixture]
public sealed class InteractionTests
{
    [Test]
    public async Task A_conversation_is_noted_with_what_it_used_and_rated_by_its_own_id()
    {
        var tenant = await TestApp.NewTenant();
        using var made = await tenant.Http.PostAsJsonAsync("/v1/agents", new { slug = "model", name = "Model", model = new { vendor = "sandbox", model = "echo" } });
        await made.Json(201);
        var talk = await tenant.Http.Converse("model");
        await tenant.Http.Say(talk, "Hello");
        await tenant.Http.Say(talk, "Hello again");
        var path = $"/v1/interactions/{talk[^36..]}";

        var noted = await tenant.Http.GetFromJsonAsync<JsonElement>(path);
        var rated = await Change(tenant.Http, path, """{ "satisfaction": 4, "tags": ["greeting"] }""", 200);

        Assert.That((noted.GetProperty("title").GetString(), noted.GetProperty("type").GetString(), noted.GetProperty("content_preview").GetString()), Is.EqualTo(("Hello", "conversation", "[simulated] You said: Hello again")));
        Assert.That(noted.GetProperty("input_tokens").GetInt64(), Is.EqualTo((await tenant.Http.Messages(talk)).Sum(message => message.GetProperty("input_tokens").GetInt64())).And.Positive);
        Assert.That(rated.GetProperty("satisfaction").GetInt32(), Is.EqualTo(4));
        Assert.That(await Count(tenant.Http, "?tag=greeting&rated=true&type=conversation"), Is.EqualTo(1));
        Assert.That(await Count(tenant.Http, "?rated=false"), Is.Zero);
        using var gone = await tenant.Http.DeleteAsync(talk);
        await gone.Json(204);
        Assert.That((await Count(tenant.Http, ""), await Count(tenant.Http, "?status=deleted")), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task A_run_is_known_by_its_id_and_stored_once_somebody_says_something_about_it()
    {
        var tenant = await TestApp.NewTenant();
        var run = (await tenant.Http.RunOnce(Runs.Echo, """{ "input": { "text": "hi" } }""")).Id();

        Assert.That((await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/interactions/{run}")).GetProperty("type").GetString(), Is.EqualTo("run"));
        Assert.That(await Count(tenant.Http, ""), Is.Zero);
        await Change(tenant.Http, $"/v1/interactions/{run}", """{ "usefulness": 2, "feedback": "Slow" }""", 200);
        Assert.That(await Count(tenant.Http, "?type=run&rated=true"), Is.EqualTo(1));
        await tenant.Http.Refused("/v1/interactions", 409, "interaction_exists", $$"""{ "title": "Again", "run_id": "{{run}}" }""");
        var other = (await tenant.Http.RunOnce(Runs.Echo, """{ "input": { "text": "hi" } }""")).Id();
        var noted = await tenant.Http.Post("/v1/interactions", $$"""{ "title": "By hand", "run_id": "{{other}}" }""", 201);
        Assert.That((noted.GetProperty("run_id").GetGuid(), noted.GetProperty("status").GetString(), noted.GetProperty("ended_at").ValueKind), Is.EqualTo((other, "completed", JsonValueKind.String)));
    }

    [Test]
    public async Task Work_done_elsewhere_is_noted_by_hand_and_is_its_authors()
    {
        var tenant = await TestApp.NewTenant();
        var (ann, bob) = (await tenant.Member("developer"), await tenant.Member("developer"));
        var noted = await ann.Http.Post("/v1/interactions", """
            { "title": "Refactoring", "type": "coding", "external_link": "https://example.com/pr/1", "external_metadata": { "tool": "editor" }, "keywords": ["c#"],
              "started_at": "2026-01-01T10:00:00Z", "ended_at": "2026-01-01T11:00:00Z", "input_tokens": 5 }
            """, 201);
        var path = $"/v1/interactions/{noted.Id()}";

        Assert.That((noted.GetProperty("duration_ms").GetInt64(), noted.GetProperty("status").GetString()), Is.EqualTo((3_600_000, "completed")));
        using var hidden = await bob.Http.GetAsync(path);
        await hidden.Problem(404, "interaction_not_found");
        await Change(bob.Http, path, """{ "title": "Mine" }""", 404);
        await Change(tenant.Http, path, """{ "title": "Mine" }""", 403);
        Assert.That((await Count(bob.Http, ""), await Count(tenant.Http, "?user=all")), Is.EqualTo((0, 1)));
        await ann.Http.Refused("/v1/interactions", 404, "interaction_type_not_found", """{ "title": "X", "type": "none" }""");
        await ann.Http.Refused("/v1/interactions", 422, "invalid", """{ "title": "X", "external_link": "javascript:alert(1)" }""");
        await ann.Http.Refused("/v1/interactions", 404, "run_not_found", $$"""{ "title": "X", "run_id": "{{Guid.CreateVersion7()}}" }""");
        Assert.That((await ann.Http.GetFromJsonAsync<JsonElement>("/v1/interaction-types")).GetProperty("items").GetArrayLength(), Is.GreaterThan(5));
    }

    [Test]
    public async Task A_run_of_a_conversation_is_hidden_from_those_who_may_not_read_it()
    {
        var tenant = await TestApp.NewTenant();
        var (ann, bob) = (await tenant.Member("developer"), await tenant.Member("developer"));
        var reply = await ann.Http.Say(await ann.Http.Conversation(), "A secret");
        var run = reply.GetProperty("run_id").GetGuid();
        foreach (var path in new[] { $"/v1/runs/{run}", $"/v1/runs/{run}/steps", $"/v1/runs/{run}/events", $"/v1/interactions/{run}" })
        {
            using var hidden = await bob.Http.GetAsync(path);
            Assert.That((int)hidden.StatusCode, Is.EqualTo(404), path);
            using var seen = await tenant.Http.GetAsync(path);
            Assert.That((int)seen.StatusCode, Is.EqualTo(200), path);
        }

        Assert.That((await bob.Http.GetFromJsonAsync<JsonElement>("/v1/runs")).GetProperty("items").GetArrayLength(), Is.Zero);
        Assert.That((await ann.Http.GetFromJsonAsync<JsonElement>("/v1/runs")).GetProperty("items").GetArrayLength(), Is.EqualTo(1));
    }

    static async Task<JsonElement> Change(HttpClient http, string path, string body, int expected)
    {
        using var answer = await http.PatchAsync(path, Runs.Json(body));
        return await answer.Json(expected);
    }

    static async Task<int> Count(HttpClient http, string query) =>
        (await http.GetFromJsonAsync<JsonElement>($"/v1/interactions{query}")).GetProperty("items").GetArrayLength();
}
