using System.Text.Json;
using AgentPlatform.Integration.Execution.Tools;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>Replies as they come into being.</summary>
[TestFixture]
public sealed class ConversationStreamTests
{
    [Test]
    public async Task A_reply_is_told_word_by_word_with_the_calls_of_its_model()
    {
        var tenant = await TestApp.NewTenant();
        var echo = await tenant.Echo();
        var talk = await tenant.Http.Conversation($$$"""{ "nodes": [{ "id": "answer", "skill": "llm", "with": { "prompt": "=input.message", "tools": ["{{{echo}}}"], "model": "sandbox/slow" } }] }""");

        var events = await Posted(tenant.Http, talk, $$"""call: {{echo}} {"say":"one"}""" + "\nanswer: two words or three");

        Assert.That(events[0].Name, Is.EqualTo("message.created"));
        Assert.That(events[0].Data.GetProperty("user_message").GetProperty("seq").GetInt32(), Is.EqualTo(1));
        Assert.That(events.Where(what => what.Data.TryGetProperty("tool", out _)).Select(what => $"{what.Name} {what.Data.GetProperty("tool").GetProperty("name").GetString()}"), Is.EqualTo([$"step.started {echo}", $"step.finished {echo}"]));
        Assert.That(events.First(what => what.Data.TryGetProperty("tool", out _)).Data.GetProperty("tool").GetProperty("arguments").GetRawText(), Is.EqualTo("""{"say":"one"}"""));
        Assert.That(Said(events), Is.EqualTo("two words or three"));
        Assert.That(events.Select(what => what.Data.TryGetProperty("output", out _)), Has.None.True);
        var last = events[^1];
        Assert.That((last.Name, last.Data.GetProperty("message").Text(), last.Data.GetProperty("message").GetProperty("seq").GetInt32()), Is.EqualTo(("message.finished", "two words or three", 2)));
        var call = last.Data.GetProperty("message").GetProperty("tool_calls")[0];
        Assert.That((call.GetProperty("tool").GetString(), call.GetProperty("status").GetString()), Is.EqualTo((echo, "succeeded")));
    }

    [Test]
    public async Task Who_comes_back_goes_on_after_the_last_event_and_who_comes_late_hears_what_was_said()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var talk = await tenant.Http.Conversation($$$"""
            {
              "nodes": [
                { "id": "first", "skill": "transform", "with": { "n": 1 } },
                { "id": "call", "skill": "http_request", "with": { "method": "POST", "url": "{{{peer.Url}}}" } },
                { "id": "last", "skill": "transform", "with": { "text": "{{input.message}}!" } }
              ],
              "edges": [{ "from": "first", "to": "call" }, { "from": "call", "to": "last" }]
            }
            """);
        var reply = await tenant.Http.Say(talk, "go", ", \"wait\": false", 202);
        await peer.Arrival();
        var path = $"{talk}/messages/{reply.Id()}/events";
        string seen;
        await using (var stream = await ReplyStream.Open(tenant.Http, path))
        {
            Assert.That((await stream.Next()).Name, Is.EqualTo("message.started"));
            seen = (await stream.Next()).Id;
        }

        await using var again = await ReplyStream.Open(tenant.Http, path, seen);
        peer.Gate.SetResult();
        var rest = await again.Rest();

        Assert.That(rest.Select(what => what.Name), Has.None.EqualTo("message.started"));
        Assert.That(rest[^1].Data.GetProperty("message").Text(), Is.EqualTo("go!"));
        Assert.That((await tenant.Http.Events(path)).Select(what => what.Name), Is.EqualTo(["message.started", "step.started", "step.finished", "step.started", "step.finished", "step.started", "step.finished", "message.finished"]));
    }

    [Test]
    public async Task A_reply_that_waits_for_its_turn_says_so_and_then_begins()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var talk = await tenant.Http.Conversation(Talks.Asking(peer));
        await tenant.Http.Say(talk, "one", ", \"wait\": false", 202);
        await peer.Arrival();
        var second = await tenant.Http.Say(talk, "two", ", \"wait\": false", 202);

        await using var stream = await ReplyStream.Open(tenant.Http, $"{talk}/messages/{second.Id()}/events");
        var first = await stream.Next();
        peer.Gate.SetResult();
        var rest = await stream.Rest();

        Assert.That(
            string.Join(' ', rest.Prepend(first).Select(what => what.Name)),
            Is.EqualTo("message.pending message.started step.started step.finished step.started step.finished message.finished"));
    }

    [Test]
    public async Task What_a_person_said_has_no_events()
    {
        var tenant = await TestApp.NewTenant();
        var talk = await tenant.Http.Conversation();
        await tenant.Http.Say(talk, "one");
        using var answer = await tenant.Http.GetAsync($"{talk}/messages/{(await tenant.Http.Messages(talk))[0].Id()}/events");
        await answer.Problem(409, "not_a_reply");
    }

    static async Task<List<StreamEvent>> Posted(HttpClient http, string talk, string content)
    {
        await using var stream = await ReplyStream.Post(http, $"{talk}/messages", JsonSerializer.Serialize(new { content, stream = true }));
        return await stream.Rest();
    }

    static string Said(IEnumerable<StreamEvent> events) => events.Where(what => what.Name == "token").Aggregate("", (said, what) =>
        said[..what.Data.GetProperty("offset").GetInt32()] + what.Data.GetProperty("text").GetString());
}
