using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Integration.Integrations;

/// <summary>Chat completions, in the shapes that OpenAI and those who follow it send.</summary>
public sealed class OpenAiProtocolTests
{
    const string Plain = """
        {"id":"chatcmpl-1","object":"chat.completion","created":1760000000,"model":"gpt-6-luna-2026-09-22","choices":[{"index":0,"message":{"role":"assistant","content":"Hi there","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],
         "usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500,"prompt_tokens_details":{"cached_tokens":400,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":300}}}
        """;

    static readonly string[] Streamed =
    [
        """data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}],"usage":null}""",
        """data: {"id":"c","choices":[{"index":0,"delta":{"content":"Hi "},"finish_reason":null}]}""",
        ": a comment\ndata: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"there\"},\"finish_reason\":null}]}",
        """data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        """data: {"id":"c","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}}""",
        "data: [DONE]",
    ];

    [Test]
    public async Task Asks_and_reads_a_plain_answer_with_everything_that_is_counted()
    {
        await using var vendor = await FakeVendor.Saying(Plain);
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "openai"), "openai/gpt-6-luna");

        Assert.That(answer.Error, Is.Null);
        var asked = vendor.Questions.Single();
        var usage = answer.Usage.Single();
        Assert.Multiple(() =>
        {
            Assert.That((answer.Response!.Text, answer.Response.FinishReason?.Value, answer.IsSimulated), Is.EqualTo(("Hi there", "stop", false)));
            Assert.That((asked.Line, asked.Headers["authorization"]), Is.EqualTo(("POST /chat/completions", $"Bearer {VendorWorld.Key}")));
            Assert.That(asked.Body.GetRawText(), Is.EqualTo("""{"model":"gpt-6-luna","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]}"""));
            Assert.That((usage.TokensPrompt, usage.TokensCompletion, usage.TokensCached, usage.TokensReasoning, usage.ApiCalls, usage.IsEstimated), Is.EqualTo((1000, 500, 400, 300, 1, false)));
            Assert.That(usage.CostMicros, Is.EqualTo(((600 * 100_000) + (400 * 10_000) + (500 * 500_000)) / 1_000_000), "GPT-6 Luna's price of November 2026");
        });
    }

    [Test]
    public async Task Streams_where_somebody_listens_and_asks_for_the_count()
    {
        await using var vendor = await FakeVendor.Streaming(Streamed);
        var heard = new List<string>();
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "openai"), "openai/gpt-6-luna", heard.Add);
        Assert.Multiple(() =>
        {
            Assert.That((answer.Error, answer.Response?.Text), Is.EqualTo(((object?)null, "Hi there")));
            Assert.That(heard, Is.EqualTo(["Hi ", "there"]));
            Assert.That(vendor.Questions.Single().Body.GetProperty("stream_options").GetProperty("include_usage").GetBoolean(), Is.True);
            Assert.That((answer.Usage[0].TokensPrompt, answer.Usage[0].TokensCompletion, answer.Usage[0].IsEstimated), Is.EqualTo((10, 2, false)));
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Offers_tools_and_reads_parallel_calls(bool isStream)
    {
        const string Whole = """
            {"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}},{"id":"call_b","type":"function","function":{"name":"time","arguments":""}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":9,"completion_tokens":9}}
            """;
        string[] pieces =
        [
            """data: {"choices":[{"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"weather","arguments":""}}]}}]}""",
            """data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}}]}""",
            """data: {"choices":[{"delta":{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"time","arguments":""}}]}}]}""",
            """data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"Oslo\"}"}}]}}]}""",
            """data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":9,"completion_tokens":9}}""",
            "data: [DONE]",
        ];
        await using var vendor = await FakeVendor.Start((_, http) => isStream ? FakeVendor.Stream(http, pieces) : FakeVendor.Say(http, Whole));
        var tenant = await VendorWorld.Tenant(vendor, "openai");
        var asked = new List<ChatMessage> { new(ChatRole.User, "Weather and time?") };
        var answer = await VendorWorld.Ask(tenant, ["openai/gpt-6-luna"], asked, VendorWorld.Tools("weather", "time"), isStream ? _ => { } : null);

        Assert.That(answer.Error, Is.Null);
        Assert.That(VendorWorld.Calls(answer).Select(call => (call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments))), Is.EqualTo([("call_a", "weather", """{"city":"Oslo"}"""), ("call_b", "time", "{}")]));
        Assert.That(answer.Response!.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));

        asked.AddRange(answer.Response.Messages);
        asked.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call_a", "rain"), new FunctionResultContent("call_b", JsonElement.Parse("{\"t\":1}"))]));
        await VendorWorld.Ask(tenant, ["openai/gpt-6-luna"], asked, VendorWorld.Tools("weather", "time"), isStream ? _ => { } : null);
        var body = vendor.Questions.Last().Body;
        Assert.Multiple(() =>
        {
            Assert.That(body.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString(), Is.EqualTo("weather"));
            Assert.That(body.GetProperty("messages").GetArrayLength(), Is.EqualTo(4));
            Assert.That(body.GetProperty("messages")[1].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString(), Is.EqualTo("""{"city":"Oslo"}"""));
            Assert.That(body.GetProperty("messages")[3].GetRawText(), Is.EqualTo("""{"role":"tool","tool_call_id":"call_b","content":"{\"t\":1}"}"""));
        });
    }

    [TestCase("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""", true)]
    [TestCase("""{"type":"object","properties":{"a":{"type":"string"}}}""", false)]
    [TestCase("""{"type":"object","properties":{"a":{"type":"string","minLength":3}},"required":["a"],"additionalProperties":false}""", false)]
    public async Task Asks_for_a_schema_by_force_only_where_the_vendor_can(string schema, bool isStrict)
    {
        await using var vendor = await FakeVendor.Saying(Plain);
        await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "openai"), ["openai/gpt-6-luna"], options: new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(schema), "answer") });
        var format = vendor.Questions.Single().Body.GetProperty("response_format");
        Assert.That((format.GetProperty("type").GetString(), format.GetProperty("json_schema").GetProperty("strict").GetBoolean()), Is.EqualTo(("json_schema", isStrict)));
        Assert.That(format.GetProperty("json_schema").GetProperty("schema").GetRawText(), Is.EqualTo(schema));
    }

    [Test]
    public async Task Says_the_schema_to_a_vendor_that_can_only_give_json()
    {
        await using var vendor = await FakeVendor.Saying(Plain);
        await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "self_hosted"), ["self_hosted/llama"], options: new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"array"}""")) });
        var body = vendor.Questions.Single().Body;
        Assert.That(body.GetProperty("response_format").GetProperty("type").GetString(), Is.EqualTo("json_object"));
        Assert.That(body.GetProperty("messages")[0].GetProperty("content").GetString(), Does.Contain("""{"type":"array"}"""));
    }

    [Test]
    public async Task Shows_images_and_keeps_to_what_the_vendor_calls_its_limits()
    {
        await using var vendor = await FakeVendor.Saying(Plain);
        var shown = new ChatMessage(ChatRole.User, [new TextContent("Look"), new UriContent("https://example.com/a.png", "image/png"), new DataContent(new byte[] { 1, 2 }, "image/png")]);
        var tenant = await VendorWorld.Tenant(vendor, "openai", "self_hosted");
        await VendorWorld.Ask(tenant, ["openai/gpt-6-luna"], [shown], new ChatOptions { MaxOutputTokens = 10_000_000, Temperature = 0.5f });
        await VendorWorld.Ask(tenant, ["self_hosted/llama"], [shown], new ChatOptions { MaxOutputTokens = 10, Temperature = 0.5f });
        var (hosted, own) = (vendor.Questions.First().Body, vendor.Questions.Last().Body);
        Assert.Multiple(() =>
        {
            Assert.That(hosted.GetProperty("messages")[0].GetProperty("content").EnumerateArray().Select(part => part.GetProperty("type").GetString()), Is.EqualTo(["text", "image_url", "image_url"]));
            Assert.That(hosted.GetProperty("messages")[0].GetProperty("content")[2].GetProperty("image_url").GetProperty("url").GetString(), Is.EqualTo("data:image/png;base64,AQI="));
            Assert.That((hosted.GetProperty("max_completion_tokens").GetInt32(), hosted.TryGetProperty("temperature", out _)), Is.EqualTo((128_000, false)), "no more than the model gives, and no temperature where it takes none");
            Assert.That((own.GetProperty("max_tokens").GetInt32(), own.GetProperty("temperature").GetDouble(), own.GetProperty("model").GetString()), Is.EqualTo((10, 0.5, "llama")));
        });
    }

    [Test]
    public async Task Finds_a_deployment_in_a_tenants_own_Azure_resource()
    {
        await using var vendor = await FakeVendor.Saying(Plain);
        Assert.That((await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "azure_openai"), "azure_openai/my-deployment")).Error, Is.Null);
        var asked = vendor.Questions.Single();
        Assert.That((asked.Line, asked.Headers["api-key"], asked.Headers.ContainsKey("authorization")), Is.EqualTo(("POST /openai/v1/chat/completions", VendorWorld.Key, false)));
    }

    [TestCase("""{"choices":[{"message":{"content":"Hi"},"finish_reason":"eos"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""", "stop", "Hi")]
    [TestCase("""{"choices":[{"message":{"content":[{"type":"text","text":"Hi"}]},"finish_reason":null}]}""", "stop", "Hi")]
    [TestCase("""{"choices":[{"message":{"content":"","refusal":"I will not."},"finish_reason":"stop"}]}""", "content_filter", "I will not.")]
    [TestCase("""{"choices":[{"message":{"content":"cut","reasoning_content":"hm"},"finish_reason":"length"}]}""", "length", "cut")]
    public async Task Reads_the_dialects(string json, string finish, string text)
    {
        await using var vendor = await FakeVendor.Saying(json);
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "together"), "together/any/model");
        Assert.That((answer.Response?.FinishReason?.Value, answer.Response?.Text), Is.EqualTo((finish, text)), answer.Error?.Message);
    }
}
