using System.Globalization;
using System.Text;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations;

/// <summary>What becomes of a question when its vendor does not do what it should; for every protocol where it matters.</summary>
public sealed class VendorBehaviourTests
{
    const string OpenAi = """{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":1}}""";
    const string Anthropic = """{"type":"message","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":5,"output_tokens":1}}""";
    const string Replicate = """{"id":"abc123","status":"succeeded","output":["H","i"],"metrics":{"input_token_count":5,"output_token_count":1}}""";

    static readonly (string Vendor, string Model, string Good)[] Protocols =
        [("openai", "openai/gpt-6-luna", OpenAi), ("anthropic", "anthropic/claude-haiku", Anthropic), ("replicate", "replicate/meta/llama", Replicate)];

    [TestCaseSource(nameof(Models))]
    public async Task Tries_again_when_told_to_wait_a_little(string vendorId, string model, string good)
    {
        await using var vendor = await FakeVendor.Start((number, http) =>
        {
            http.Response.Headers.RetryAfter = "0";
            return FakeVendor.Say(http, number < 3 ? """{"error":{"message":"Slow down","type":"rate_limit_error"}}""" : good, number < 3 ? 429 : 200);
        });
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, vendorId), model);
        Assert.That((answer.Response?.Text, vendor.Calls), Is.EqualTo(("Hi", 3)), answer.Error?.Message);
        Assert.That((answer.Usage.Single().ApiCalls, answer.Usage[0].TokensPrompt, answer.Usage[0].IsEstimated), Is.EqualTo((3, 5, false)), "what was refused cost nothing");
    }

    [TestCase("999999999", 3600)]
    [TestCase("-1", null)]
    [TestCase("NaN", null)]
    [TestCase("3000", 3000)]
    public async Task Does_not_wait_for_hours_and_says_when_to_come_back(string header, int? seconds)
    {
        await using var vendor = await FakeVendor.Start((_, http) =>
        {
            http.Response.Headers.RetryAfter = header;
            return FakeVendor.Say(http, "{}", 429);
        });
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "openai"), "openai/gpt-6-luna");
        Assert.That((answer.Error?.Class, answer.Error?.RetryAfter, vendor.Calls), Is.EqualTo(("429", seconds is { } s ? TimeSpan.FromSeconds(s) : (TimeSpan?)null, seconds is null ? 3 : 1)));
    }

    [TestCaseSource(nameof(Models))]
    public async Task Gives_up_after_three_failures_and_goes_over_to_another_vendor(string vendorId, string model, string good)
    {
        var other = Protocols.First(p => p.Vendor != vendorId);
        await using var broken = await FakeVendor.Saying("<html>Bad gateway</html>", 502);
        await using var sound = await FakeVendor.Saying(other.Good);
        var tenant = await VendorWorld.Tenant(broken, vendorId);
        Assert.That((await VendorWorld.Ask(tenant, model)).Error?.Class, Is.EqualTo(SkillErrorClass.ServerStatus));
        await VendorWorld.AddKey(tenant, other.Vendor, sound.Url);

        var answer = await VendorWorld.Ask(tenant, [model, other.Model]);
        Assert.That((answer.Response?.Text, answer.Model, broken.Calls), Is.EqualTo(("Hi", other.Model, 6)), good);
    }

    [TestCaseSource(nameof(Models))]
    public async Task Opens_the_circuit_of_this_tenant_alone(string vendorId, string model, string good)
    {
        var isBroken = true;
        await using var vendor = await FakeVendor.Start((_, http) => FakeVendor.Say(http, isBroken ? "{}" : good, isBroken ? 500 : 200));
        var tenant = await VendorWorld.Tenant(vendor, vendorId);
        for (var i = 0; i < 3; i++)
        {
            await VendorWorld.Ask(tenant, model);
        }

        isBroken = false;
        var before = vendor.Calls;
        Assert.That((await VendorWorld.Ask(tenant, model)).Error?.Code, Is.EqualTo("vendor_circuit_open"));
        Assert.That((vendor.Calls, before <= 6), Is.EqualTo((before, true)));
        Assert.That((await VendorWorld.Ask(await VendorWorld.Tenant(vendor, vendorId), model)).Response?.Text, Is.EqualTo("Hi"));
    }

    [TestCaseSource(nameof(Models))]
    public async Task Takes_an_answer_that_is_none_for_a_failure_and_not_for_free(string vendorId, string model, string good)
    {
        await using var vendor = await FakeVendor.Start((number, http) => number < 3 ? FakeVendor.Say(http, number == 1 ? "{\"choices\":" : "[1]") : FakeVendor.Say(http, good));
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, vendorId), model);
        Assert.That((answer.Response?.Text, vendor.Calls), Is.EqualTo(("Hi", 3)), answer.Error?.Message);
        Assert.That((answer.Usage.Single().IsEstimated, answer.Usage[0].TokensPrompt > 5), Is.EqualTo((true, true)), "twice it was paid for nothing");
    }

    [TestCaseSource(nameof(Models))]
    public async Task Counts_for_itself_where_the_vendor_does_not(string vendorId, string model, string good)
    {
        var silent = good.Replace("\"usage\"", "\"unused\"").Replace("\"metrics\"", "\"unused\"");
        await using var vendor = await FakeVendor.Saying(silent);
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, vendorId), model);
        Assert.That((answer.Usage.Single().IsEstimated, answer.Usage[0].TokensPrompt > 0, answer.Usage[0].TokensCompletion > 0), Is.EqualTo((true, true, true)));
    }

    [TestCase("""{"prompt_tokens":-5,"completion_tokens":9223372036854775807}""")]
    [TestCase("""{"prompt_tokens":1e300,"completion_tokens":"many"}""")]
    [TestCase("""[]""")]
    public async Task Believes_no_count_that_cannot_be(string usage)
    {
        await using var vendor = await FakeVendor.Saying(OpenAi.Replace("""{"prompt_tokens":5,"completion_tokens":1}""", usage));
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "openai"), "openai/gpt-6-luna");
        Assert.That((answer.Error, answer.Usage.Single().IsEstimated, answer.Usage[0].CostMicros is > 0 and < 1000), Is.EqualTo(((SkillError?)null, true, true)));
    }

    [Test]
    public async Task Tells_a_stream_that_broke_off_from_one_that_ended()
    {
        await using var vendor = await FakeVendor.Start(async (number, http) =>
        {
            await FakeVendor.Stream(http, """data: {"choices":[{"delta":{"content":"Hi and so on"}}]}""");
            if (number % 2 == 0)
            {
                http.Abort();
            }
        });
        var heard = new StringBuilder();
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "openai"), "openai/gpt-6-luna", text => heard.Append(text));
        Assert.That((answer.Error?.Code, heard.ToString()), Is.EqualTo(("vendor_answer_invalid", "Hi and so on")).Or.EqualTo(("vendor_answer_cut", "Hi and so on")), "what was told is not told twice");
        Assert.That((answer.Usage.Single().IsEstimated, answer.Usage[0].TokensCompletion > 0), Is.EqualTo((true, true)));
    }

    [TestCaseSource(nameof(Models))]
    public async Task Does_not_wait_for_ever(string vendorId, string model, string good)
    {
        await using var vendor = await FakeVendor.Start(async (number, http) =>
        {
            if (number == 1)
            {
                // Begins, and stops in the middle.
                http.Response.ContentType = "application/json";
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(good[..20]));
                await http.Response.Body.FlushAsync();
                await FakeVendor.Hang(http);
            }

            await FakeVendor.Say(http, good);
        });
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, vendorId), model);
        Assert.That((answer.Response?.Text, vendor.Calls, answer.Usage.Single().IsEstimated), Is.EqualTo(("Hi", 2, true)), answer.Error?.Message);
    }

    [Test]
    public async Task Expects_a_stream_to_begin_soon()
    {
        await using var vendor = await FakeVendor.Start((_, http) => FakeVendor.Hang(http));
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "openai"), "openai/gpt-6-luna", _ => { });
        Assert.That((answer.Error?.Code, answer.Error?.Class), Is.EqualTo(("vendor_timeout", "timeout")));
    }

    [TestCaseSource(nameof(Models))]
    public async Task Hangs_up_when_the_caller_has_enough(string vendorId, string model, string good)
    {
        await using var vendor = await FakeVendor.Start((_, http) => FakeVendor.Hang(http));
        var tenant = await VendorWorld.Tenant(vendor, vendorId);
        using var enough = new CancellationTokenSource();
        var asked = VendorWorld.Ask(tenant, [model], ct: enough.Token);
        await Eventually.Holds(() => Task.FromResult(vendor.Calls == 1));
        await enough.CancelAsync();

        var given = await Assert.CatchAsync<OperationCanceledException>(() => asked);
        Assert.That(given, Is.TypeOf<CallAbortedException>(), good);
        Assert.That(((CallAbortedException)given!).Usage.Single().IsEstimated, Is.True, "What was asked may be charged.");
        await vendor.HungUp.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Test]
    public async Task Cancels_a_prediction_that_nobody_waits_for()
    {
        await using var vendor = await FakeVendor.Start((_, http) => FakeVendor.Say(http, """{"id":"abc123","status":"processing","output":null}""", 201));
        using var enough = new CancellationTokenSource();
        var asked = VendorWorld.Ask(await VendorWorld.Tenant(vendor, "replicate"), ["replicate/meta/llama"], ct: enough.Token);
        await Eventually.Holds(() => Task.FromResult(vendor.Calls >= 2));
        await enough.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => asked);
        Assert.That(vendor.Questions.Select(question => question.Line).Distinct(), Is.EqualTo(["POST /models/meta/llama/predictions", "GET /predictions/abc123", "POST /predictions/abc123/cancel"]));
    }

    [TestCaseSource(nameof(Models))]
    public async Task Cuts_an_answer_that_does_not_end(string vendorId, string model, string good)
    {
        await using var vendor = await FakeVendor.Start(async (_, http) =>
        {
            http.Response.ContentType = "application/json";
            var chunk = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(" ", 64 * 1024)));
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(chunk, http.RequestAborted);
            }
        });
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, vendorId), model);
        Assert.That((answer.Error?.Code, answer.Error?.Class, vendor.Calls), Is.EqualTo(("vendor_answer_too_large", "limit", 1)), good);
    }

    [TestCase("call_1", "call_1", "{}", "tool_call_duplicate")]
    [TestCase("", "call_2", "{}", "tool_call_invalid")]
    public async Task Refuses_tool_calls_that_nobody_could_answer(string first, string second, string arguments, string code)
    {
        var call = (string id) => $$$"""{"id":"{{{id}}}","type":"function","function":{"name":"weather","arguments":"{{{arguments}}}"}}""";
        await using var vendor = await FakeVendor.Saying($$"""{"choices":[{"message":{"tool_calls":[{{call(first)}},{{call(second)}}]},"finish_reason":"tool_calls"}]}""");
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "openai"), ["openai/gpt-6-luna"], options: VendorWorld.Tools("weather"));
        Assert.That((answer.Error?.Code, answer.Error?.Class), Is.EqualTo((code, "invalid_response")));
    }

    [Test]
    public async Task Refuses_ten_megabytes_of_arguments_and_tools_that_nobody_offered()
    {
        await using var vendor = await FakeVendor.Saying($$$"""{"choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":"weather","arguments":"{\"a\":\"{{{new string('x', 10 * 1024 * 1024)}}}\"}"}}]}}]}""");
        var tenant = await VendorWorld.Tenant(vendor, "openai");
        Assert.That((await VendorWorld.Ask(tenant, ["openai/gpt-6-luna"], options: VendorWorld.Tools("weather"))).Error?.Code, Is.EqualTo("tool_arguments_too_large"));

        await using var eager = await FakeVendor.Saying("""{"choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":"weather","arguments":"{}"}}]}}]}""");
        Assert.That((await VendorWorld.Ask(await VendorWorld.Tenant(eager, "openai"), "openai/gpt-6-luna")).Error?.Code, Is.EqualTo("tool_unknown"));
    }

    [TestCase("\\ud800", null)]
    [TestCase("a\\u0000b", "a\uFFFDb")]
    public async Task Lets_no_text_in_that_cannot_be_stored(string text, string? read)
    {
        await using var vendor = await FakeVendor.Saying($$"""{"choices":[{"message":{"content":"{{text}}"},"finish_reason":"stop"}]}""");
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "openai"), "openai/gpt-6-luna");
        Assert.That((answer.Response?.Text, answer.Error?.Code), Is.EqualTo((read, read is null ? "vendor_answer_invalid" : null)));
    }

    [TestCaseSource(nameof(Models))]
    public async Task Sends_the_key_nowhere_else_and_never_says_it(string vendorId, string model, string good)
    {
        await using var thief = await FakeVendor.Saying(good);
        await using var vendor = await FakeVendor.Start((number, http) =>
        {
            http.Response.Headers.Location = thief.Url;
            return FakeVendor.Say(http, $$$"""{"error":{"message":"Incorrect API key provided: {{{VendorWorld.Key}}}"}}""", number == 1 ? 302 : 401);
        });
        var tenant = await VendorWorld.Tenant(vendor, vendorId);
        var (moved, refused) = (await VendorWorld.Ask(tenant, model), await VendorWorld.Ask(tenant, model));
        Assert.That((thief.Calls, moved.Error?.Code, refused.Error?.Code), Is.EqualTo((0, "vendor_refused", "vendor_refused_credential")));
        Assert.That($"{moved.Error} {refused.Error}", Does.Not.Contain(VendorWorld.Key).And.Contain("***"));
    }

    [Test]
    public async Task Needs_a_key_of_the_tenants_own_and_reaches_no_address_that_is_not_allowed()
    {
        var tenant = await (await VendorWorld.Running()).Tenant();
        Assert.That((await VendorWorld.Ask(tenant, "openai/gpt-6-luna")).Error?.Code, Is.EqualTo("credential_unknown"));
        Assert.That((await VendorWorld.Ask(tenant, ["openai/gpt-6-luna", "sandbox/echo"])).IsSimulated, Is.True);

        await VendorWorld.AddKey(tenant, "openai", "http://169.254.169.254/v1");
        await VendorWorld.AddKey(tenant, "together", "http://10.0.0.1");
        await VendorWorld.AddKey(tenant, "cohere", "https://api.example.com:5432/v1");
        foreach (var model in new[] { "openai/gpt-6-luna", "together/x", "cohere/command-r" })
        {
            var answer = await VendorWorld.Ask(tenant, model);
            Assert.That((answer.Error?.Class, answer.Usage.Count), Is.EqualTo((SkillErrorClass.Egress, 0)), answer.Error?.Message);
        }
    }

    [Test]
    public async Task Goes_over_to_the_next_model_when_the_content_or_its_length_is_refused()
    {
        await using var vendor = await FakeVendor.Start((number, http) => number switch
        {
            1 => FakeVendor.Say(http, """{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","code":"context_length_exceeded"}}""", 400),
            2 => FakeVendor.Say(http, """{"error":{"message":"Filtered","code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}""", 400),
            3 => FakeVendor.Say(http, """{"choices":[{"message":{"content":""},"finish_reason":"content_filter"}],"usage":{"prompt_tokens":7,"completion_tokens":0}}"""),
            _ => FakeVendor.Say(http, OpenAi),
        });
        var answer = await VendorWorld.Ask(await VendorWorld.Tenant(vendor, "openai"), ["openai/gpt-6-luna", "openai/gpt-6-sol", "openai/gpt-6-astra", "openai/gpt-6.1-sol"]);
        Assert.That((answer.Response?.Text, answer.Model, vendor.Calls), Is.EqualTo(("Hi", "openai/gpt-6.1-sol", 4)));
        Assert.That(answer.Usage.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.Service} {line.TokensPrompt} {line.CostMicros}")),
            Is.EqualTo(["openai/gpt-6-luna 0 0", "openai/gpt-6-sol 0 0", "openai/gpt-6-astra 7 70", "openai/gpt-6.1-sol 5 20"]), "also what was in vain");
    }

    [Test]
    public async Task Is_paid_by_the_step_that_asked()
    {
        await using var vendor = await FakeVendor.Saying(OpenAi);
        var tenant = await VendorWorld.Tenant(vendor, "openai");
        var run = await tenant.Http.RunOnce("""{ "nodes": [{ "id": "ask", "skill": "llm", "with": { "model": "openai/gpt-6-sol", "prompt": "Hi" }, "credential": "openai-key" }] }""");
        Assert.That(run.GetProperty("output").GetProperty("usage").GetProperty("cost_micros").GetInt64(), Is.EqualTo(20), run.GetRawText());
        Assert.That(run.GetProperty("cost_micros").GetInt64(), Is.EqualTo(20));
    }

    [Test]
    public async Task Shows_nobody_a_key_that_a_vendor_says_back_in_pieces()
    {
        var (half, rest) = (VendorWorld.Key[..10], VendorWorld.Key[10..]);
        var piece = (string text) => $$$"""data: {"choices":[{"delta":{"content":"{{{text}}}"}}]}""";
        await using var vendor = await FakeVendor.Streaming(
            piece("Your key is "), piece(half), piece(rest), piece(", is it not?"), """data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":1}}""", "data: [DONE]");
        await using var peer = await Peer.Holding();
        var tenant = await VendorWorld.Tenant(vendor, "openai");
        var graph = $$"""
            { "nodes": [{ "id": "hold", "skill": "http_request", "with": { "url": "{{peer.Url}}" } }, { "id": "say", "skill": "llm", "with": { "model": "openai/gpt-6-sol", "prompt": "Hi" } }],
              "edges": [{ "from": "hold", "to": "say" }], "output": "=say.text" }
            """;
        var run = await tenant.Http.Start(await tenant.Http.Agent(graph));
        await peer.Arrival();
        using var events = await tenant.Http.GetAsync($"/v1/runs/{run}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync());
        await reader.ReadLineAsync();
        peer.Gate.SetResult();
        var told = await reader.ReadToEndAsync();
        Assert.That(told, Does.Contain("event: token").And.Contain("Your key is").And.Not.Contain(half).And.Not.Contain(rest));
        Assert.That((await tenant.Http.View(run)).GetProperty("output").GetString(), Is.EqualTo("Your key is ***, is it not?"));
    }

    static IEnumerable<TestCaseData> Models() => Protocols.Select(p => new TestCaseData(p.Vendor, p.Model, p.Good).SetArgDisplayNames(p.Vendor));
}
