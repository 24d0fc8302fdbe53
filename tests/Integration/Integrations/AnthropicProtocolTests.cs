using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Integration.Integrations;

/// <summary>Anthropic's messages, in the shapes that it sends.</summary>
public sealed class AnthropicProtocolTests
{
    const string Plain = """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-5-5","content":[{"type":"thinking","thinking":"Hm.","signature":"c2ln"},{"type":"text","text":"Hi there"}],"stop_reason":"end_turn","stop_sequence":null,
         "usage":{"input_tokens":100,"cache_creation_input_tokens":50,"cache_read_input_tokens":850,"output_tokens":20,"output_tokens_details":{"thinking_tokens":5}}}
        """;

    static readonly string[] Streamed =
    [
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":25,\"cache_read_input_tokens\":10,\"output_tokens\":1}}}",
        "event: ping\ndata: {\"type\":\"ping\"}",
        "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"Hm.\"}}",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"c2ln\"}}",
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}",
        "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi \"}}",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"there\"}}",
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":1}",
        "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"weather\",\"input\":{}}}",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\\\":\"}}",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\\\"Oslo\\\"}\"}}",
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":2}",
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":42}}",
        "event: message_stop\ndata: {\"type\":\"message_stop\"}",
    ];

    [Test]
    public async Task Asks_and_reads_a_plain_answer_and_counts_what_came_from_the_cache()
    {
        await using var vendor = await FakeVendor.Saying(Plain);
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "anthropic"), "anthropic/claude-opus");

        Assert.That(answer.Error, Is.Null);
        var asked = vendor.Questions.Single();
        var usage = answer.Usage.Single();
        Assert.Multiple(() =>
        {
            Assert.That((answer.Response!.Text, answer.Response.FinishReason?.Value), Is.EqualTo(("Hi there", "stop")));
            Assert.That((asked.Line, asked.Headers["x-api-key"], asked.Headers["anthropic-version"]), Is.EqualTo(("POST /messages", VendorWorld.Key, "2023-06-01")));
            Assert.That(asked.Body.GetRawText(), Is.EqualTo("""{"model":"claude-opus-5-5","max_tokens":16384,"system":"Be brief.","messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}]}"""));
            Assert.That((usage.TokensPrompt, usage.TokensCompletion, usage.TokensCached, usage.TokensReasoning), Is.EqualTo((1000, 20, 850, 5)));
            Assert.That(usage.CostMicros, Is.EqualTo((150 * 4) + (850 * 2 / 10) + (20 * 20)));
        });
    }

    [Test]
    public async Task Streams_text_thoughts_and_calls_and_gives_them_back_as_they_were()
    {
        await using var vendor = await FakeVendor.Streaming(Streamed);
        var tenant = await VendorWorld.Tenant(vendor, "anthropic");
        var heard = new List<string>();
        var talk = new List<ChatMessage> { new(ChatRole.User, "Weather?") };
        var answer = await VendorWorld.Ask(tenant, ["anthropic/claude-opus"], talk, VendorWorld.Tools("weather"), heard.Add);

        Assert.That(answer.Error, Is.Null);
        Assert.Multiple(() =>
        {
            Assert.That(heard, Is.EqualTo(["Hi ", "there"]));
            Assert.That(VendorWorld.Calls(answer).Select(call => (call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments))), Is.EqualTo([("toolu_1", "weather", """{"city":"Oslo"}""")]));
            Assert.That((answer.Usage[0].TokensPrompt, answer.Usage[0].TokensCached, answer.Usage[0].TokensCompletion, answer.Usage[0].IsEstimated), Is.EqualTo((35, 10, 42, false)));
        });

        talk.AddRange(answer.Response!.Messages);
        talk.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("toolu_1", "rain")]));
        talk.Add(new ChatMessage(ChatRole.User, "So?"));
        await VendorWorld.Ask(tenant, ["anthropic/claude-opus"], talk, VendorWorld.Tools("weather"), _ => { });
        var body = vendor.Questions.Last().Body;
        Assert.That(body.GetProperty("messages").GetRawText(), Is.EqualTo(
            """[{"role":"user","content":[{"type":"text","text":"Weather?"}]},{"role":"assistant","content":[{"type":"thinking","signature":"c2ln","thinking":"Hm."},{"type":"text","text":"Hi there"},{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Oslo"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"rain"},{"type":"text","text":"So?"}]}]"""));
        Assert.That(body.GetProperty("tools")[0].GetProperty("input_schema").GetProperty("type").GetString(), Is.EqualTo("object"));
    }

    [Test]
    public async Task Asks_for_a_schema_and_shows_images()
    {
        await using var vendor = await FakeVendor.Saying(Plain);
        var shown = new ChatMessage(ChatRole.User, [new TextContent("Look"), new UriContent("https://example.com/a.png", "image/png"), new DataContent(new byte[] { 1, 2 }, "image/png")]);
        await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "anthropic"), ["anthropic/claude-opus"], [shown], new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}""")) });
        var body = vendor.Questions.Single().Body;
        Assert.That(body.GetProperty("output_config").GetRawText(), Is.EqualTo("""{"format":{"type":"json_schema","schema":{"type":"object"}}}"""));
        Assert.That(body.GetProperty("messages")[0].GetProperty("content").EnumerateArray().Skip(1).Select(part => part.GetProperty("source").GetRawText()),
            Is.EqualTo(["""{"type":"url","url":"https://example.com/a.png"}""", """{"type":"base64","media_type":"image/png","data":"AQI="}"""]));
    }

    [TestCase("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", 529, "vendor_unavailable")]
    [TestCase("""{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 1000001 tokens > 1000000 maximum"}}""", 400, "context_length_exceeded")]
    [TestCase("""{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}""", 400, "vendor_quota_exhausted")]
    [TestCase("""{"type":"error","error":{"type":"not_found_error","message":"model: claude-opus-5-5"}}""", 404, "model_unavailable")]
    [TestCase("""{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}""", 401, "vendor_refused_credential")]
    public async Task Knows_the_vendors_errors(string json, int status, string code)
    {
        await using var vendor = await FakeVendor.Saying(json, status);
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "anthropic"), "anthropic/claude-opus");
        Assert.That(answer.Error?.Code, Is.EqualTo(code), answer.Error?.Message);
    }

    [Test]
    public async Task Knows_an_error_in_the_middle_of_a_stream()
    {
        const string Overloaded = """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""";
        await using var vendor = await FakeVendor.Start((number, http) =>
            number == 1 ? FakeVendor.Stream(http, [.. Streamed[..9], $"event: error\ndata: {Overloaded}"]) : FakeVendor.Say(http, Overloaded, 529));
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "anthropic"), "anthropic/claude-opus", _ => { });
        Assert.That((answer.Error?.Code, answer.Usage[0].IsEstimated, answer.Usage[0].TokensPrompt >= 35), Is.EqualTo(("vendor_unavailable", true, true)));
    }
}
