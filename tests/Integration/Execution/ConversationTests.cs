using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>Talking to agents: what they are given, what becomes of their answer, and whose it is.</summary>
[TestFixture]
public sealed class ConversationTests
{
    [Test]
    public async Task An_agent_answers_and_remembers_what_was_said()
    {
        var tenant = await TestApp.NewTenant();
        var talk = await tenant.Http.Conversation(more: ", \"context\": { \"plan\": \"gold\" }");

        var first = await tenant.Http.Say(talk, "Hello\nthere");
        var second = await tenant.Http.Say(talk, "And again");

        Assert.That((first.Status(), first.Text(), first.GetProperty("seq").GetInt32()), Is.EqualTo(("succeeded", "Hello\nthere!", 2)));
        var input = await tenant.Http.InputOf(second);
        Assert.That(input.GetProperty("message").GetString(), Is.EqualTo("And again"));
        Assert.That(input.History(), Is.EqualTo(["user: Hello\nthere", "assistant: Hello\nthere!"]));
        Assert.That(input.GetProperty("conversation").GetProperty("context").GetProperty("plan").GetString(), Is.EqualTo("gold"));
        var messages = await tenant.Http.Messages(talk);
        Assert.That(messages.Select(message => message.GetProperty("seq").GetInt32()), Is.EqualTo([1, 2, 3, 4]));
        Assert.That(messages[3].GetProperty("reply_to").GetGuid(), Is.EqualTo(messages[2].Id()));
        var view = await tenant.Http.GetFromJsonAsync<JsonElement>(talk);
        Assert.That((view.GetProperty("title").GetString(), view.GetProperty("message_count").GetInt32(), view.GetProperty("pending_count").GetInt32()), Is.EqualTo(("Hello", 4, 0)));
    }

    [TestCase("\"just text\"", "just text")]
    [TestCase("""{ "message": "from message" }""", "from message")]
    [TestCase("""{ "text": 1, "content": "from content" }""", "from content")]
    [TestCase("""{ "total": 12 }""", """{"total":12}""")]
    [TestCase("[1,2]", "[1,2]")]
    [TestCase("null", "")]
    public async Task Whatever_an_agent_puts_out_is_an_answer(string output, string text)
    {
        var tenant = await TestApp.NewTenant();
        var talk = await tenant.Http.Conversation($$"""{ "nodes": [{ "id": "say", "skill": "transform", "with": { "out": 1 } }], "output": {{output}} }""");

        var reply = await tenant.Http.Say(talk, "Well?");

        Assert.That((reply.Status(), reply.Text()), Is.EqualTo(("succeeded", text)));
    }

    [TestCase("\"a\\u0000b\"")]
    [TestCase("{\"text\":\"\\ud800\"}")]
    public async Task What_the_database_cannot_hold_as_text_stays_json(string output)
    {
        var tenant = await TestApp.NewTenant();
        Assert.That(await Sql.Scalar<string>(tenant.App.Database.Owner, $"select execution.reply_text('{output}'::json)"), Is.EqualTo(output));
    }

    [Test]
    public async Task A_run_that_fails_gives_a_reply_that_says_so_and_the_next_one_goes_on()
    {
        var tenant = await TestApp.NewTenant();
        var talk = await tenant.Http.Conversation("""{ "nodes": [{ "id": "no", "skill": "fail", "with": { "code": "not_today", "message": "Not today." } }] }""");

        var reply = await tenant.Http.Say(talk, "Please");

        Assert.That((reply.Status(), reply.Text()), Is.EqualTo(("failed", "")));
        Assert.That(reply.GetProperty("error").GetProperty("message").GetString(), Is.EqualTo("Not today."));
        Assert.That((await tenant.Http.InputOf(await tenant.Http.Say(talk, "And now?"))).History(), Is.EqualTo(["user: Please"]));
    }

    [Test]
    public async Task An_agent_with_a_schema_of_its_own_is_given_the_message_alone_or_is_not_asked()
    {
        var tenant = await TestApp.NewTenant();
        var particular = await tenant.Http.Agent(Talks.Echo, """, "input_schema": { "type": "object", "additionalProperties": false, "required": ["message"], "properties": { "message": { "type": "string" } } }""");
        var deaf = await tenant.Http.Agent(Talks.Echo, """, "input_schema": { "type": "object", "required": ["amount"] }""");

        var reply = await tenant.Http.Say(await tenant.Http.Converse(particular), "Hi");

        Assert.That((await tenant.Http.InputOf(reply)).GetRawText(), Is.EqualTo("""{"message":"Hi"}"""));
        var refused = await tenant.Http.Converse(deaf);
        await tenant.Http.Refused($"{refused}/messages", 422, "invalid", """{ "content": "Hi" }""");
        Assert.That(await tenant.Http.Messages(refused), Is.Empty);
    }

    [Test]
    public async Task An_agent_of_a_model_alone_is_given_the_history_as_messages_and_sees_images()
    {
        var tenant = await TestApp.NewTenant();
        using var made = await tenant.Http.PostAsJsonAsync("/v1/agents", new { slug = "model", name = "Model", model = new { vendor = "sandbox", model = "echo" } });
        await made.Json(201);
        var talk = await tenant.Http.Converse("model");
        await tenant.Http.Say(talk, "My name is Ann");

        var reply = await tenant.Http.Say(talk, "Who am I?", $$""", "files": [{ "name": "a.png", "media_type": "image/png", "base64": "{{Convert.ToBase64String([1, 2, 3])}}" }, { "name": "b.txt", "media_type": "text/plain", "base64": "{{Convert.ToBase64String(Encoding.UTF8.GetBytes("line of a file"))}}" }]""");

        Assert.That(reply.Text(), Does.Contain("Who am I?").And.Contain("[b.txt]\nline of a file").And.Contain("with images: 1"), reply.GetRawText());
        Assert.That(reply.GetProperty("model").GetString(), Is.EqualTo("sandbox/echo"));
        Assert.That(reply.GetProperty("input_tokens").GetInt64(), Is.GreaterThan(5));
        var asked = (await tenant.Http.Messages(talk))[2];
        Assert.That(asked.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("bytes").GetInt32()), Is.EqualTo([3, 14]));
        using var image = await tenant.Http.GetAsync($"{talk}/messages/{asked.Id()}/files/0");
        Assert.That((image.Content.Headers.ContentType?.MediaType, (await image.Content.ReadAsByteArrayAsync()).Length), Is.EqualTo(("image/png", 3)));
        using var text = await tenant.Http.GetAsync($"{talk}/messages/{asked.Id()}/files/1");
        Assert.That(text.Content.Headers.ContentDisposition?.DispositionType, Is.EqualTo("attachment"));
    }

    [TestCase("""{ "content": " " }""", "/content", "length")]
    [TestCase("""{ "content": "a", "if_busy": "shout" }""", "/if_busy", "unknown_policy")]
    [TestCase("""{ "content": "a", "files": [{ "name": "a.svg", "media_type": "image/svg+xml", "base64": "YQ==" }] }""", "/files/0/media_type", "unsupported_file")]
    [TestCase("""{ "content": "a", "files": [{ "name": "a", "media_type": "text/plain", "base64": "?" }] }""", "/files/0/base64", "invalid_base64")]
    [TestCase("""{ "content": "a", "files": [{ "name": "a", "media_type": "text/plain", "base64": "/w==" }] }""", "/files/0/base64", "not_utf8")]
    public async Task What_cannot_be_said_is_refused_with_its_place(string body, string pointer, string code)
    {
        var tenant = await TestApp.NewTenant();
        using var answer = await tenant.Http.PostAsync($"{await tenant.Http.Conversation()}/messages", Runs.Json(body));

        var fault = (await answer.Problem(422, "invalid")).GetProperty("errors")[0];

        Assert.That((fault.GetProperty("pointer").GetString(), fault.GetProperty("code").GetString()), Is.EqualTo((pointer, code)));
    }

    [Test]
    public async Task The_longest_message_and_the_largest_files_are_taken_and_no_more()
    {
        var tenant = await TestApp.NewTenant();
        var talk = await tenant.Http.Conversation();
        var longest = new string('x', 32_768);
        await tenant.Http.Say(talk, longest, $$""", "files": [{ "name": "a.txt", "media_type": "text/plain", "base64": "{{Convert.ToBase64String(new byte[512 * 1024].Select(_ => (byte)'a').ToArray())}}" }]""");

        await tenant.Http.Refused($"{talk}/messages", 422, "invalid", $$"""{ "content": "{{longest}}x" }""");
        await tenant.Http.Refused($"{talk}/messages", 422, "invalid", $$"""{ "content": "a", "files": [{ "name": "a.txt", "media_type": "text/plain", "base64": "{{Convert.ToBase64String(new byte[(512 * 1024) + 1].Select(_ => (byte)'a').ToArray())}}" }] }""");
    }

    [Test]
    public async Task A_conversation_belongs_to_its_user()
    {
        var tenant = await TestApp.NewTenant();
        var (ann, bob, admin, viewer) = (await tenant.Member("developer"), await tenant.Member("developer"), await tenant.Member("admin"), await tenant.Member("viewer"));
        var talk = await ann.Http.Conversation();
        var reply = await ann.Http.Say(talk, "A secret");
        string[] paths = [talk, $"{talk}/messages", $"{talk}/messages/{reply.Id()}", $"{talk}/messages/{reply.Id()}/events"];

        foreach (var path in paths)
        {
            using var hidden = await bob.Http.GetAsync(path);
            await hidden.Problem(404, "conversation_not_found");
            using var seen = await admin.Http.GetAsync(path);
            Assert.That((int)seen.StatusCode, Is.EqualTo(200), path);
        }

        await bob.Http.Refused($"{talk}/messages", 404, "conversation_not_found", """{ "content": "Me too" }""");
        await admin.Http.Refused($"{talk}/messages", 403, "not_your_conversation", """{ "content": "Me too" }""");
        await viewer.Http.Refused("/v1/conversations", 403, "forbidden", """{ "agent": "a" }""");
        Assert.That((await bob.Http.GetFromJsonAsync<JsonElement>("/v1/conversations")).GetProperty("items").GetArrayLength(), Is.Zero);
        using var all = await bob.Http.GetAsync("/v1/conversations?user=all");
        await all.Problem(403, "forbidden");
        Assert.That((await admin.Http.GetFromJsonAsync<JsonElement>("/v1/conversations?user=all")).GetProperty("items").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task Conversations_are_listed_searched_changed_and_deleted()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Talks.Echo);
        var (invoices, pets, empty) = (await tenant.Http.Converse(agent), await tenant.Http.Converse(agent), await tenant.Http.Converse(agent, ", \"title\": \"100% of nothing\""));
        await tenant.Http.Say(invoices, "Where is the invoice for May?");
        await tenant.Http.Say(pets, "What do cats eat?");
        await tenant.Http.Say(pets, "And the Invoice_for the vet?");

        Assert.That(await Found(tenant, ""), Is.EqualTo([pets, invoices, empty]));
        Assert.That(await Found(tenant, $"?agent={agent}&limit=2"), Is.EqualTo([pets, invoices]));
        Assert.That(await Found(tenant, "?q=invoice"), Is.EqualTo([pets, invoices]));
        Assert.That(await Found(tenant, "?q=invoice%20may"), Is.EqualTo([invoices]));
        Assert.That(await Found(tenant, "?q=100%25"), Is.EqualTo([empty]));
        Assert.That(await Found(tenant, "?q=e_f"), Is.EqualTo([pets]));

        using var seen = await tenant.Http.GetAsync(invoices);
        using var change = new HttpRequestMessage(HttpMethod.Patch, invoices) { Content = Runs.Json("""{ "title": "May", "status": "completed" }""") };
        change.Headers.TryAddWithoutValidation("If-Match", seen.Headers.ETag!.ToString());
        using var changed = await tenant.Http.SendAsync(change);
        Assert.That((await changed.Json(200)).GetProperty("completed_at").ValueKind, Is.EqualTo(JsonValueKind.String));
        using var stale = new HttpRequestMessage(HttpMethod.Patch, invoices) { Content = Runs.Json("""{ "title": "June" }""") };
        stale.Headers.TryAddWithoutValidation("If-Match", seen.Headers.ETag!.ToString());
        using var refused = await tenant.Http.SendAsync(stale);
        await refused.Problem(412, "stale");
        await tenant.Http.Refused($"{invoices}/messages", 409, "conversation_closed", """{ "content": "One more" }""");
        Assert.That(await Found(tenant, "?status=completed"), Is.EqualTo([invoices]));

        using var deleted = await tenant.Http.DeleteAsync(pets);
        await deleted.Json(204);
        Assert.That(await Found(tenant, "?q=cats"), Is.Empty);
        Assert.That(await Sql.Scalar<long>(tenant.App.Database.Owner, $"select count(*) from execution.messages where tenant_id = '{tenant.Id}' and conversation_id = '{pets[^36..]}'"), Is.Zero);
        Assert.That(await tenant.AuditActions(), Is.SupersetOf(new[] { "conversation.created", "conversation.updated", "conversation.deleted" }));
    }

    [Test]
    public async Task Messages_are_paged_both_ways()
    {
        var tenant = await TestApp.NewTenant();
        var talk = await tenant.Http.Conversation();
        await tenant.Http.Say(talk, "a");
        await tenant.Http.Say(talk, "b");

        foreach (var (order, expected) in new[] { ("desc", new[] { 4, 3, 2, 1 }), ("asc", [1, 2, 3, 4]) })
        {
            var (seen, cursor) = (new List<int>(), "");
            do
            {
                var page = await tenant.Http.GetFromJsonAsync<JsonElement>($"{talk}/messages?limit=3&order={order}{cursor}");
                seen.AddRange(page.GetProperty("items").EnumerateArray().Select(message => message.GetProperty("seq").GetInt32()));
                cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : "";
            }
            while (cursor.Length > 0);
            Assert.That(seen, Is.EqualTo(expected), order);
        }
    }

    static async Task<List<string>> Found(TestTenant tenant, string query)
    {
        var page = await tenant.Http.GetFromJsonAsync<JsonElement>($"/v1/conversations{query}");
        return [.. page.GetProperty("items").EnumerateArray().Select(talk => $"/v1/conversations/{talk.Id()}")];
    }
}
