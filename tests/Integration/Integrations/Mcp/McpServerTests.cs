using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Integration.Integrations.Mcp;

/// <summary>The platform as an MCP server.</summary>
public sealed class McpServerTests
{
    const string Schema = """, "input_schema": { "type": "object", "properties": { "text": { "type": "string" } }, "required": ["text"] }""";

    [TestCase(null)]
    [TestCase("2025-03-26")]
    [TestCase("2025-06-18")]
    [TestCase("2025-11-25")]
    [TestCase("2026-07-28")]
    public async Task Agents_are_tools_in_every_revision(string? revision)
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo, Schema);
        using var key = await tenant.ApiKey("agents:read", "runs:execute", "runs:read");
        await using var client = await Connect(tenant, key, revision);

        var tool = (await client.ListToolsAsync()).Single();
        var result = await client.CallToolAsync(agent, new Dictionary<string, object?> { ["text"] = "hello" });
        Assert.Multiple(() =>
        {
            Assert.That(tool.Name, Is.EqualTo(agent));
            Assert.That(tool.JsonSchema.GetProperty("required")[0].GetString(), Is.EqualTo("text"));
            Assert.That(result.IsError, Is.Not.True);
            Assert.That(result.StructuredContent!.Value.GetProperty("said").GetString(), Is.EqualTo("hello"), () => JsonSerializer.Serialize(result, McpJsonUtilities.DefaultOptions));
            Assert.That(result.Meta!["agentplatform/run_id"], Is.Not.Null);
        });
    }

    [Test]
    public async Task Arguments_that_do_not_fit_and_runs_that_fail_are_errors_of_the_tool()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo, Schema);
        var failing = await tenant.Http.Agent("""{ "nodes": [{ "id": "no", "skill": "fail", "with": { "message": "It cannot be done." } }] }""");
        using var key = await tenant.ApiKey("agents:read", "runs:execute", "runs:read");
        await using var client = await Connect(tenant, key, null);
        var unfit = await client.CallToolAsync(agent, new Dictionary<string, object?> { ["text"] = 5 });
        var failed = await client.CallToolAsync(failing);
        Assert.Multiple(() =>
        {
            Assert.That(unfit.IsError, Is.True);
            Assert.That(failed.IsError, Is.True);
            Assert.That(Text(failed), Does.Contain("It cannot be done."));
        });
        var unknown = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("nobody"));
        Assert.That(unknown!.ErrorCode, Is.EqualTo(McpErrorCode.InvalidParams));
    }

    [Test]
    public async Task A_key_sees_its_own_tenants_active_agents_only()
    {
        var tenant = await TestApp.NewTenant();
        var other = await TestApp.NewTenant();
        var (mine, theirs) = (await tenant.Http.Agent(Runs.Echo), await other.Http.Agent(Runs.Echo));
        var asleep = await tenant.Http.Agent(Runs.Echo);
        using (var off = await tenant.Http.PostAsync($"/v1/agents/{asleep}/deactivate", null))
        {
            await off.Json(200);
        }

        using var key = await tenant.ApiKey("agents:read", "runs:execute", "runs:read");
        await using var client = await Connect(tenant, key, null);
        Assert.That((await client.ListToolsAsync()).Select(tool => tool.Name), Is.EqualTo(new[] { mine }));
        foreach (var hidden in (string[])[theirs, asleep])
        {
            var unknown = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync(hidden));
            Assert.That(unknown!.ErrorCode, Is.EqualTo(McpErrorCode.InvalidParams));
        }
    }

    [Test]
    public async Task A_key_that_may_only_look_starts_no_run()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent(Runs.Echo);
        using var key = await tenant.ApiKey("agents:read");
        await using var client = await Connect(tenant, key, null);
        Assert.That((await client.ListToolsAsync()).Single().Name, Is.EqualTo(agent));
        await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync(agent));
        Assert.That((await tenant.Http.GetFromJsonAsync<JsonElement>("/v1/runs")).GetProperty("items").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task A_run_tells_how_it_goes_on_to_who_asked_for_it()
    {
        var tenant = await TestApp.NewTenant();
        var agent = await tenant.Http.Agent("""{ "nodes": [{ "id": "pause", "skill": "wait", "with": { "for": "2s" } }] }""");
        using var key = await tenant.ApiKey("agents:read", "runs:execute", "runs:read");
        await using var client = await Connect(tenant, key, null);
        var heard = new TaskCompletionSource<string?>();
        var result = await client.CallToolAsync(agent, progress: new Heard(value => heard.TrySetResult(value.Message)));
        Assert.That(result.IsError, Is.Not.True, () => Text(result));
        Assert.That(await heard.Task.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo("The run goes on."));
    }

    [TestCase("http://evil.example", 403)]
    [TestCase("null", 403)]
    [TestCase("http://localhost:1", 403)]
    public async Task A_page_of_another_origin_is_refused(string origin, int status)
    {
        var tenant = await TestApp.NewTenant();
        using var key = await tenant.ApiKey("agents:read");
        using var answer = await Post(key, Ping(), request => request.Headers.TryAddWithoutValidation("Origin", origin));
        await answer.Problem(status, "origin_not_allowed");
    }

    [Test]
    public async Task A_page_of_our_own_origin_and_a_program_are_answered()
    {
        var tenant = await TestApp.NewTenant();
        using var key = await tenant.ApiKey("agents:read");
        using var page = await Post(key, Ping(), request => request.Headers.TryAddWithoutValidation("Origin", tenant.App.Address.GetLeftPart(UriPartial.Authority)));
        using var program = await Post(key, Ping());
        using var rebound = await Post(key, Ping(), request =>
        {
            request.Headers.Host = "evil.example";
            request.Headers.TryAddWithoutValidation("Origin", "http://evil.example");
        });
        Assert.That((page.StatusCode, program.StatusCode, rebound.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Forbidden)));
    }

    [Test]
    public async Task Without_a_key_there_is_nothing_and_the_answer_says_how()
    {
        using var anonymous = (await TestApp.Shared()).Anonymous();
        using var answer = await Post(anonymous, Ping());
        await answer.Problem(401, "not_authenticated");
        Assert.That(answer.Headers.WwwAuthenticate.Select(x => x.Scheme), Does.Contain("Bearer"));
    }

    [TestCase("GET")]
    [TestCase("DELETE")]
    public async Task There_are_no_sessions_to_read_from_or_to_end(string method)
    {
        var tenant = await TestApp.NewTenant();
        using var key = await tenant.ApiKey("agents:read");
        using var request = new HttpRequestMessage(new HttpMethod(method), "/mcp");
        using var answer = await key.SendAsync(request);
        await answer.Problem(405, "method_not_allowed");
    }

    [TestCase("""{"jsonrpc":"1.0","id":1,"method":"ping"}""")]
    [TestCase("""{"id":1,"method":"ping"}""")]
    [TestCase("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""")]
    [TestCase("""{"jsonrpc":"2.0","id":{},"method":"ping"}""")]
    [TestCase("{}")]
    [TestCase("\"ping\"")]
    public async Task What_is_no_message_is_a_400(string body)
    {
        var tenant = await TestApp.NewTenant();
        using var key = await tenant.ApiKey("agents:read");
        using var answer = await Post(key, body);
        await answer.Problem(400, "invalid_message");
    }

    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":5}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":5,"capabilities":[]}}""")]
    public async Task A_handshake_that_cannot_be_read_is_a_400(string body)
    {
        var tenant = await TestApp.NewTenant();
        using var key = await tenant.ApiKey("agents:read");
        using var answer = await Post(key, body);
        Assert.That((await answer.Json(400)).GetProperty("error").GetProperty("code").GetInt32(), Is.EqualTo(-32602));
    }

    [TestCase("Mcp-Method", "tools/call", -32020)]
    [TestCase("MCP-Protocol-Version", "2025-11-25", -32020)]
    public async Task Headers_of_the_newest_revision_must_say_what_the_message_says(string header, string value, int code)
    {
        var tenant = await TestApp.NewTenant();
        using var key = await tenant.ApiKey("agents:read");
        using var answer = await Post(key, New("tools/list"), request =>
        {
            request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", "2026-07-28");
            request.Headers.TryAddWithoutValidation("Mcp-Method", "tools/list");
            request.Headers.Remove(header);
            request.Headers.TryAddWithoutValidation(header, value);
        });
        Assert.That((await answer.Json(400)).GetProperty("error").GetProperty("code").GetInt32(), Is.EqualTo(code));
    }

    [Test]
    public async Task A_revision_that_we_do_not_know_is_told_those_that_we_do()
    {
        var tenant = await TestApp.NewTenant();
        using var key = await tenant.ApiKey("agents:read");
        using var answer = await Post(key, Ping(), request => request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", "2099-01-01"));
        var error = (await answer.Json(400)).GetProperty("error");
        Assert.That(error.GetProperty("code").GetInt32(), Is.EqualTo(-32022));
        Assert.That(error.GetProperty("data").GetProperty("supported").EnumerateArray().Select(x => x.GetString()), Does.Contain("2025-11-25"));
    }

    static string Ping() => """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    static string New(string method) => """{"jsonrpc":"2.0","id":1,"method":"METHOD","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}""".Replace("METHOD", method, StringComparison.Ordinal);

    static async Task<HttpResponseMessage> Post(HttpClient http, string body, Action<HttpRequestMessage>? more = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        more?.Invoke(request);
        return await http.SendAsync(request);
    }

    static Task<McpClient> Connect(TestTenant tenant, HttpClient key, string? revision) => McpClient.CreateAsync(
        new HttpClientTransport(
            new HttpClientTransportOptions { Endpoint = new Uri(tenant.App.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }, key, ownsHttpClient: false),
        new McpClientOptions { ProtocolVersion = revision });

    static string Text(CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    sealed class Heard(Action<ProgressNotificationValue> hear) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => hear(value);
    }
}
