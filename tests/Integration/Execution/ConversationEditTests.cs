using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>Other replies, other words, and what people thought of it.</summary>
[TestFixture]
public sealed class ConversationEditTests
{
    [Test]
    public async Task Another_reply_takes_the_place_of_the_first_and_of_what_followed()
    {
        var tenant = await TestApp.NewTenant();
        var talk = await tenant.Http.Conversation();
        var first = await tenant.Http.Say(talk, "a");
        await tenant.Http.Say(talk, "b");

        var other = await tenant.Http.Post($"{talk}/messages/{first.Id()}/regenerate", "{}", 200);

        Assert.That((other.GetProperty("seq").GetInt32(), other.GetProperty("replaces").GetGuid(), other.GetProperty("reply_to").GetGuid()), Is.EqualTo((5, first.Id(), first.GetProperty("reply_to").GetGuid())));
        Assert.That((await tenant.Http.InputOf(other)).History(), Is.Empty);
        Assert.That((await tenant.Http.Messages(talk)).Select(message => message.GetProperty("seq").GetInt32()), Is.EqualTo([1, 5]));
        var all = await tenant.Http.Messages(talk, "&superseded=true");
        Assert.That(all.Select(message => message.GetProperty("superseded_by").ValueKind is JsonValueKind.String), Is.EqualTo([false, true, true, true, false]));
        await tenant.Http.Refused($"{talk}/messages/{first.Id()}/regenerate", 409, "message_superseded", "{}");
        await tenant.Http.Refused($"{talk}/messages/{all[0].Id()}/regenerate", 409, "not_a_reply", "{}");
        Assert.That((await tenant.Http.InputOf(await tenant.Http.Say(talk, "c"))).History(), Is.EqualTo(["user: a", "assistant: a!"]));
    }

    [Test]
    public async Task Other_words_take_the_place_of_the_first_and_keep_their_files()
    {
        var tenant = await TestApp.NewTenant();
        var talk = await tenant.Http.Conversation();
        await tenant.Http.Say(talk, "a");
        await tenant.Http.Say(talk, "b", """, "files": [{ "name": "f", "media_type": "text/plain", "base64": "Zg==" }]""");
        var said = (await tenant.Http.Messages(talk))[2];

        var reply = await tenant.Http.Post($"{talk}/messages/{said.Id()}/edit", """{ "content": "B" }""", 200);

        var input = await tenant.Http.InputOf(reply);
        Assert.That(input.History(), Is.EqualTo(["user: a", "assistant: a!"]));
        Assert.That(input.GetProperty("message").GetString(), Is.EqualTo("B\n\n[f]\nf"));
        var now = await tenant.Http.Messages(talk);
        Assert.That(now.Select(message => message.GetProperty("seq").GetInt32()), Is.EqualTo([1, 2, 5, 6]));
        Assert.That(now[2].GetProperty("replaces").GetGuid(), Is.EqualTo(said.Id()));
        await tenant.Http.Refused($"{talk}/messages/{reply.Id()}/edit", 409, "not_your_message", """{ "content": "C" }""");
        Assert.That(await tenant.AuditActions(), Has.One.EqualTo("message.edited"));
    }

    [Test]
    public async Task What_is_under_way_is_only_replaced_when_that_is_asked_for()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var talk = await tenant.Http.Conversation(Talks.Asking(peer));
        var reply = await tenant.Http.Say(talk, "a", ", \"wait\": false", 202);
        await peer.Arrival();

        await tenant.Http.Refused($"{talk}/messages/{reply.Id()}/regenerate", 409, "conversation_busy", "{}");
        await tenant.Http.Post($"{talk}/messages/{reply.Id()}/regenerate", """{ "wait": false, "if_busy": "interrupt" }""");
        await peer.Arrival();
        peer.Gate.SetResult();

        var messages = await tenant.Http.Settled(talk);
        Assert.That(messages.Select(message => message.Status()), Is.EqualTo(["succeeded", "canceled", "succeeded"]));
    }

    [Test]
    public async Task Replies_are_rated_and_ratings_taken_back()
    {
        var tenant = await TestApp.NewTenant();
        var talk = await tenant.Http.Conversation();
        var reply = await tenant.Http.Say(talk, "a");

        var rated = await Rate(tenant, $"{talk}/messages/{reply.Id()}", """{ "satisfaction": 5, "usefulness": 4, "feedback": "Good" }""", 200);
        var again = await Rate(tenant, $"{talk}/messages/{reply.Id()}", """{ "satisfaction": null }""", 200);

        Assert.That((rated.GetProperty("satisfaction").GetInt32(), rated.GetProperty("feedback").GetString()), Is.EqualTo((5, "Good")));
        Assert.That((again.GetProperty("satisfaction").ValueKind, again.GetProperty("usefulness").GetInt32()), Is.EqualTo((JsonValueKind.Null, 4)));
        await Rate(tenant, $"{talk}/messages/{reply.Id()}", """{ "satisfaction": 6 }""", 422);
        await Rate(tenant, $"{talk}/messages/{reply.GetProperty("reply_to").GetGuid()}", """{ "satisfaction": 1 }""", 409);
    }

    static async Task<JsonElement> Rate(TestTenant tenant, string message, string body, int expected)
    {
        using var answer = await tenant.Http.PatchAsync(message, Runs.Json(body));
        return await answer.Json(expected);
    }
}
