using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Integration.Agents;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Integrations;

/// <summary>The skill <c>llm</c> and the port behind it, with the vendor that needs no network.</summary>
public sealed class SandboxModelTests
{
    [Test]
    public async Task Says_what_it_heard_and_what_it_used()
    {
        var output = await Ask("""{ "prompt": "Hello there" }""");
        Assert.Multiple(() =>
        {
            Assert.That(output.Text("text"), Is.EqualTo("[simulated] You said: Hello there"));
            Assert.That((output.Text("model"), output.Text("finish_reason"), output.GetProperty("simulated").GetBoolean()), Is.EqualTo(("sandbox/echo", "stop", true)));
            Assert.That(output.GetProperty("usage").GetProperty("input_tokens").GetInt32(), Is.EqualTo(4 + 2 + 2));
            Assert.That(output.GetProperty("usage").GetProperty("output_tokens").GetInt32(), Is.EqualTo(2 + 3 + 1 + 1 + 1 + 2 + 2));
            Assert.That(output.GetProperty("usage").GetProperty("cost_micros").GetInt64(), Is.Zero);
        });
    }

    [Test]
    public async Task Costs_what_the_price_book_says()
    {
        var usage = (await Ask("""{ "model": "sandbox/priced", "prompt": "Hello there" }""")).GetProperty("usage");
        Assert.That(usage.GetProperty("cost_micros").GetInt64(), Is.EqualTo((usage.GetProperty("input_tokens").GetInt64() * 3) + (usage.GetProperty("output_tokens").GetInt64() * 15)));
    }

    [Test]
    public async Task Answers_a_schema_with_a_value_that_fits_it()
    {
        var output = await Ask("""
            { "prompt": "Who?", "response_schema": { "type": "object", "properties": { "name": { "type": "string" }, "age": { "type": "integer", "minimum": 18 } }, "required": ["name", "age"] } }
            """);
        Assert.That(output.GetProperty("json").GetProperty("age").GetInt32(), Is.EqualTo(18));
    }

    [Test]
    public async Task Refuses_an_answer_that_does_not_fit_the_schema()
    {
        var error = await Fail("""{ "prompt": "answer: {\"age\": \"old\"}", "response_schema": { "type": "object", "properties": { "age": { "type": "integer" } } } }""");
        Assert.That((error.Text("code"), error.Text("class")), Is.EqualTo(("response_unfit", "invalid_response")));
    }

    [TestCase("sandbox/fail-401", "credential")]
    [TestCase("sandbox/fail-404", "4xx")]
    [TestCase("sandbox/fail-429", "429")]
    [TestCase("sandbox/fail-503", "5xx")]
    [TestCase("sandbox/filtered", "4xx")]
    public async Task Fails_with_the_class_of_the_status_and_goes_over_to_the_next_model(string model, string errorClass)
    {
        Assert.That((await Fail($$"""{ "model": "{{model}}", "prompt": "Hi" }""")).Text("class"), Is.EqualTo(errorClass));
        Assert.That((await Ask($$"""{ "model": "{{model}}", "fallbacks": ["sandbox/fail-500", "sandbox/echo"], "prompt": "Hi" }""")).Text("model"), Is.EqualTo("sandbox/echo"));
    }

    [Test]
    public async Task Goes_over_to_a_larger_window_when_the_first_is_too_small()
    {
        var longText = string.Join(' ', Enumerable.Repeat("word", 300));
        Assert.That((await Fail($$"""{ "model": "sandbox/small", "prompt": "{{longText}}" }""")).Text("code"), Is.EqualTo("context_length_exceeded"));
        Assert.That((await Ask($$"""{ "model": "sandbox/small", "fallbacks": ["sandbox/echo"], "prompt": "{{longText}}" }""")).Text("model"), Is.EqualTo("sandbox/echo"));
    }

    [Test]
    public async Task Does_not_hide_a_typing_error_behind_a_fallback() =>
        Assert.That((await Fail("""{ "model": "sandbox/ecco", "fallbacks": ["sandbox/echo"], "prompt": "Hi" }""")).Text("code"), Is.EqualTo("model_unknown"));

    [Test]
    public async Task Stops_at_the_longest_answer_that_was_asked_for()
    {
        var output = await Ask("""{ "prompt": "one two three four", "max_tokens": 5 }""");
        Assert.That((output.Text("finish_reason"), output.GetProperty("usage").GetProperty("output_tokens").GetInt32()), Is.EqualTo(("length", 5)));
    }

    [Test]
    public async Task Takes_model_and_system_prompt_of_the_agents_version_where_the_node_says_nothing()
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.PostAsync("/v1/agents", Runs.Json("""
            { "slug": "flat", "name": "Flat", "model": { "vendor": "sandbox", "model": "priced", "max_tokens": 4 }, "system_prompt": "Be brief, please." }
            """));
        var output = (await tenant.Http.Run("flat", """{ "input": { "prompt": "Hello" } }""")).GetProperty("output");
        Assert.Multiple(() =>
        {
            Assert.That((output.Text("model"), output.Text("finish_reason")), Is.EqualTo(("sandbox/priced", "length")));
            Assert.That(output.GetProperty("usage").GetProperty("input_tokens").GetInt32(), Is.EqualTo(4 + 1 + 2 + 1 + 2 + 1 + 4 + 2), "system and user");
        });
    }

    [Test]
    public async Task Counts_images_and_refuses_what_is_none()
    {
        var output = await Ask("""{ "prompt": "Look", "images": [{ "url": "https://example.com/a.png" }, { "base64": "aGk=", "media_type": "image/png" }] }""");
        Assert.That(output.Text("text"), Does.EndWith("(with images: 2)"));
        Assert.That((await Fail("""{ "prompt": "Look", "images": "=[{url: 'ftp://x'}]" }""")).Text("code"), Is.EqualTo("invalid_with"));
    }

    [Test]
    public async Task Calls_the_tools_that_a_line_names_and_answers_with_their_results()
    {
        var asked = new List<ChatMessage> { new(ChatRole.User, "call: weather {\"city\": \"Oslo\"}\ncall: time {}") };
        var first = (await AskDirectly(asked)).Response!;
        var calls = first.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
        Assert.That(calls.Select(call => (call.Name, call.Arguments!.Count)), Is.EqualTo([("weather", 1), ("time", 0)]));

        asked.AddRange(first.Messages);
        asked.AddRange(calls.Select(call => new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, $"ok {call.Name}")])));
        Assert.That((await AskDirectly(asked)).Response!.Text, Is.EqualTo("[simulated] The tools answered: weather: ok weather; time: ok time"));
    }

    [TestCase("call: weather {\"a\":", null, "hands on what is no JSON")]
    [TestCase("call: weather []", null, "hands on what is no object")]
    public async Task Tells_of_arguments_that_are_none(string prompt, string? error, string why)
    {
        var answer = await AskDirectly([new(ChatRole.User, prompt)]);
        Assert.That(answer.Error?.Code, Is.EqualTo(error), why);
        Assert.That(answer.Response!.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single().Exception, Is.Not.Null);
    }

    [TestCase(33, 10)]
    [TestCase(10_000, 10)]
    [TestCase(1, 2 * 1024 * 1024)]
    public async Task Refuses_arguments_that_are_too_deep_or_too_large(int depth, int length)
    {
        var json = $"{{\"a\":{new string('[', depth)}{new string(' ', length)}{new string(']', depth)}}}";
        var answer = await AskDirectly([new(ChatRole.User, $"call: weather {json}")]);
        Assert.That((answer.Error?.Code, answer.Error?.Class), Is.EqualTo(("tool_arguments_too_large", "limit")));
    }

    [Test]
    public async Task Streams_the_text_in_pieces_that_make_up_the_whole()
    {
        var pieces = new List<string>();
        var answer = await AskDirectly([new(ChatRole.User, "one two three")], pieces.Add);
        Assert.That(pieces, Has.Count.EqualTo(6));
        Assert.That(string.Concat(pieces), Is.EqualTo(answer.Response!.Text));
    }

    [Test]
    public async Task Shows_the_text_of_a_run_to_those_who_watch_it()
    {
        await using var peer = await Peer.Holding();
        var tenant = await TestApp.NewTenant();
        var graph = $$"""
            { "nodes": [{ "id": "hold", "skill": "http_request", "with": { "url": "{{peer.Url}}" } }, { "id": "say", "skill": "llm", "with": { "prompt": "one two three" } }],
              "edges": [{ "from": "hold", "to": "say" }], "output": "=say.text" }
            """;
        var run = await tenant.Http.Start(await Runs.Agent(tenant.Http, graph));
        await peer.Arrival();
        using var events = await tenant.Http.GetAsync($"/v1/runs/{run}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        Assert.That(await reader.ReadLineAsync(), Is.EqualTo("id: 1.1"), "Watched from here on.");
        peer.Gate.SetResult();
        var blocks = (await reader.ReadToEndAsync()).Split("\n\n");

        var tokens = blocks.Where(block => block.StartsWith("event: token\n", StringComparison.Ordinal)).Select(block => JsonElement.Parse(block["event: token\ndata: ".Length..])).ToList();
        var view = await tenant.Http.View(run);
        Assert.That(string.Concat(tokens.Select(token => token.Text("text"))), Is.EqualTo(view.Text("output")));
        Assert.That(tokens.Select(token => token.Text("node_id")).Distinct(), Is.EqualTo(["say"]));
    }

    static async Task<JsonElement> Ask(string with) => (await RunOf(with, "succeeded")).GetProperty("output");

    static async Task<JsonElement> Fail(string with) => (await RunOf(with, "failed")).GetProperty("error");

    static async Task<JsonElement> RunOf(string with, string status)
    {
        var tenant = await TestApp.NewTenant();
        var run = await tenant.Http.RunOnce($$"""{ "nodes": [{ "id": "ask", "skill": "llm", "with": {{with}} }] }""");
        Assert.That(run.Text("status"), Is.EqualTo(status), run.GetRawText());
        return run;
    }

    static async Task<ModelAnswer> AskDirectly(List<ChatMessage> messages, Action<string>? onText = null)
    {
        var app = await TestApp.Shared();
        var options = new ChatOptions { Tools = [.. new[] { "weather", "time" }.Select(name => AIFunctionFactory.CreateDeclaration(name, null, JsonElement.Parse("{}"), null))] };
        return await app.Services.GetRequiredService<IModels>().Ask(new ModelQuestion(Guid.CreateVersion7(), ["sandbox/echo"], messages, options, "test/ask", OnText: onText), CancellationToken.None);
    }
}
