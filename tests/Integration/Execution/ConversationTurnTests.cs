using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>Whose turn it is: many who speak at once, messages that come while a reply is under way, and replies that are stopped.</summary>
[TestFixture]
public sealed class ConversationTurnTests
{
    [Test]
    public async Task Sixty_four_messages_at_once_have_numbers_without_gaps_and_one_reply_at_a_time()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var talk = await tenant.Http.Conversation(Talks.Asking(peer));

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            using var answer = await tenant.Http.PostAsync($"{talk}/messages", Runs.Json($$"""{ "content": "m{{i}}", "wait": false }"""));
            return (int)answer.StatusCode;
        }));

        Assert.That((answers.Count(status => status == 202), answers.Count(status => status == 409)), Is.EqualTo((10, 54)));
        await peer.Arrival();
        Assert.That(peer.Calls, Is.EqualTo(1));
        peer.Gate.SetResult();
        var messages = await tenant.Http.Settled(talk);
        Assert.That(messages.Select(message => message.GetProperty("seq").GetInt32()), Is.EqualTo(Enumerable.Range(1, 20)));
        Assert.That(messages.Where((_, i) => i % 2 == 1).Select(reply => reply.Text()), Is.EqualTo(messages.Where((_, i) => i % 2 == 0).Select(said => $"{said.Text()}!")));
        Assert.That(peer.Calls, Is.EqualTo(10));
        Assert.That((await tenant.Http.InputOf(messages[19])).History(), Has.Count.EqualTo(18));
    }

    [Test]
    public async Task A_message_is_refused_while_a_reply_is_under_way_where_that_is_the_rule()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var talk = await tenant.Http.Conversation(Talks.Asking(peer), ", \"if_busy\": \"reject\"");
        await tenant.Http.Say(talk, "one", ", \"wait\": false", 202);

        await tenant.Http.Refused($"{talk}/messages", 409, "conversation_busy", """{ "content": "two" }""");

        await peer.Arrival();
        peer.Gate.SetResult();
        Assert.That(await tenant.Http.Settled(talk), Has.Count.EqualTo(2));
        Assert.That((await tenant.Http.Say(talk, "three")).GetProperty("seq").GetInt32(), Is.EqualTo(4));
    }

    [Test]
    public async Task A_message_interrupts_what_is_under_way_and_what_waits()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var talk = await tenant.Http.Conversation(Talks.Asking(peer));
        await tenant.Http.Say(talk, "one", ", \"wait\": false", 202);
        await peer.Arrival();
        await tenant.Http.Say(talk, "two", ", \"wait\": false", 202);

        await tenant.Http.Say(talk, "three", ", \"wait\": false, \"if_busy\": \"interrupt\"", 202);

        await peer.Arrival();
        peer.Gate.SetResult();
        var messages = await tenant.Http.Settled(talk);
        Assert.That(messages.Where(message => message.GetProperty("role").GetString() == "assistant").Select(reply => $"{reply.Status()} {reply.Text()}"), Is.EqualTo(["canceled ", "canceled ", "succeeded three!"]));
        Assert.That((await tenant.Http.InputOf(messages[5])).History(), Is.EqualTo(["user: one", "user: two"]));
    }

    [Test]
    public async Task What_is_stopped_ends_as_canceled_and_the_conversation_goes_on()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var talk = await tenant.Http.Conversation(Talks.Asking(peer));
        await tenant.Http.Say(talk, "one", ", \"wait\": false", 202);
        await peer.Arrival();
        await tenant.Http.Say(talk, "two", ", \"wait\": false", 202);

        await tenant.Http.Post($"{talk}/stop", "{}", 200);

        var messages = await tenant.Http.Settled(talk);
        Assert.That(messages.Where(message => message.GetProperty("role").GetString() == "assistant").Select(reply => reply.Status()), Is.EqualTo(["canceled", "canceled"]));
        var view = await tenant.Http.GetFromJsonAsync<JsonElement>(talk);
        Assert.That((view.GetProperty("pending_count").GetInt32(), view.GetProperty("active_message_id").ValueKind), Is.EqualTo((0, JsonValueKind.Null)));
        peer.Gate.SetResult();
        Assert.That((await tenant.Http.Say(talk, "three")).Text(), Is.EqualTo("three!"));
        Assert.That(await tenant.AuditActions(), Has.One.EqualTo("conversation.stopped"));
    }

    [Test]
    public async Task What_waits_fails_by_itself_when_its_agent_may_not_run_any_more()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await Peer.Holding();
        var agent = await tenant.Http.Agent(Talks.Asking(peer));
        var talk = await tenant.Http.Converse(agent);
        await tenant.Http.Say(talk, "one", ", \"wait\": false", 202);
        await peer.Arrival();
        await tenant.Http.Say(talk, "two", ", \"wait\": false", 202);
        await tenant.Http.Say(talk, "three", ", \"wait\": false", 202);
        await tenant.Http.Post($"/v1/agents/{agent}/deactivate", expected: 200);
        peer.Gate.SetResult();

        var messages = await tenant.Http.Settled(talk);

        Assert.That(messages[1].Status(), Is.EqualTo("succeeded"));
        Assert.That(messages[3].GetProperty("error").GetProperty("code").GetString(), Is.EqualTo("agent_inactive"));
        Assert.That(messages[5].Status(), Is.EqualTo("failed"));
        await tenant.Http.Refused($"{talk}/messages", 409, "agent_inactive", """{ "content": "four" }""");
    }

    [Test]
    public async Task A_message_that_is_sent_again_with_its_key_is_said_once()
    {
        var tenant = await TestApp.NewTenant();
        var talk = await tenant.Http.Conversation();
        var replies = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{talk}/messages") { Content = Runs.Json("""{ "content": "once" }""") };
            request.Headers.Add("Idempotency-Key", "one");
            using var answer = await tenant.Http.SendAsync(request);
            replies.Add((await answer.Json(200)).GetProperty("id").GetString()!);
        }

        Assert.That(replies[1], Is.EqualTo(replies[0]));
        Assert.That(await tenant.Http.Messages(talk), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_node_that_goes_in_the_middle_of_a_reply_loses_and_doubles_nothing()
    {
        await using var cluster = await Cluster.Start(roles: "api,scheduler");
        await using var peer = await Peer.Holding();
        var http = cluster.Tenant.Http;
        var talk = await http.Conversation(Talks.Asking(peer));
        var first = await cluster.Join("worker");
        await http.Say(talk, "one", ", \"wait\": false", 202);
        await http.Say(talk, "two", ", \"wait\": false", 202);
        await peer.Arrival();

        await first.DisposeAsync();
        await using var second = await cluster.Join("worker");
        await peer.Arrival();
        peer.Gate.SetResult();

        var messages = await http.Settled(talk);
        Assert.That(messages.Select(message => $"{message.GetProperty("seq").GetInt32()} {message.Text()}"), Is.EqualTo(["1 one", "2 one!", "3 two", "4 two!"]));
        Assert.That((await http.View(messages[1].GetProperty("run_id").GetGuid())).GetProperty("attempt").GetInt32(), Is.EqualTo(2));
    }
}
