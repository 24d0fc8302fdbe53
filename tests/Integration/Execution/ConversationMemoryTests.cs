using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>What agents remember of what was said before.</summary>
[TestFixture]
public sealed class ConversationMemoryTests
{
    [Test]
    public async Task The_window_holds_as_many_messages_as_the_agent_says()
    {
        var tenant = await TestApp.NewTenant();
        var talk = await tenant.Http.Converse(await Agent(tenant, """{ "limits": { "history_messages": 3 } }"""));
        foreach (var said in new[] { "a", "b", "c" })
        {
            await tenant.Http.Say(talk, said);
        }

        Assert.That((await tenant.Http.InputOf(await tenant.Http.Say(talk, "d"))).History(), Is.EqualTo(["assistant: b!", "user: c", "assistant: c!"]));
    }

    [Test]
    public async Task What_the_window_does_not_hold_is_summed_up_once_and_paid_for()
    {
        var tenant = await TestApp.NewTenant();
        var talk = await tenant.Http.Converse(await Agent(tenant, """{ "memory_enabled": true, "limits": { "history_messages": 2, "summarize_after": 2 } }"""));
        await tenant.Http.Say(talk, "My name is Ann");
        await tenant.Http.Say(talk, "I like tea");
        var third = await tenant.Http.Say(talk, "It is late");
        Assert.That((await tenant.Http.InputOf(third)).History(), Has.Count.EqualTo(4));

        var view = await Eventually.Get(() => tenant.Http.GetFromJsonAsync<JsonElement>(talk), view => view.GetProperty("summary").ValueKind is JsonValueKind.String);

        Assert.That(view.GetProperty("summary").GetString(), Does.Contain("My name is Ann").And.Not.Contain("I like tea"));
        var ledger = await tenant.Http.GetFromJsonAsync<JsonElement>("/v1/usage/ledger");
        Assert.That(ledger.GetProperty("items").GetArrayLength(), Is.EqualTo(1), ledger.GetRawText());
        var input = await tenant.Http.InputOf(await tenant.Http.Say(talk, "Who am I?"));
        Assert.That(input.GetProperty("conversation").GetProperty("summary").GetString(), Is.EqualTo(view.GetProperty("summary").GetString()));
        Assert.That(input.History(), Is.EqualTo(["user: I like tea", "assistant: I like tea!", "user: It is late", "assistant: It is late!"]));

        // What the summary was made of does not hold any more.
        await tenant.Http.Post($"{talk}/messages/{(await tenant.Http.Messages(talk))[0].Id()}/edit", """{ "content": "My name is Bob" }""", 200);
        Assert.That((await tenant.Http.GetFromJsonAsync<JsonElement>(talk)).GetProperty("summary").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [TestCase("""{ "limits": { "history_messages": 0 } }""", "/limits/history_messages")]
    [TestCase("""{ "limits": { "summarize_after": 1 } }""", "/limits/summarize_after")]
    public async Task Memory_has_bounds(string change, string pointer)
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Talks.Echo);
        using var answer = await tenant.Http.PatchAsync($"/v1/agents/{agent}", Runs.Json(change));
        Assert.That((await answer.Problem(422, "invalid")).GetProperty("errors")[0].GetProperty("pointer").GetString(), Is.EqualTo(pointer));
    }

    static async Task<string> Agent(TestTenant tenant, string change)
    {
        var agent = await tenant.Http.Agent(Talks.Echo);
        using var answer = await tenant.Http.PatchAsync($"/v1/agents/{agent}", Runs.Json(change));
        await answer.Json(200);
        return agent;
    }
}
