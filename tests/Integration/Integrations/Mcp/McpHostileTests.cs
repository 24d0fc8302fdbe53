using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Integration.Integrations.Mcp;

/// <summary>Servers that do what they should not: each ends in an error with a name, within the time that discovery has, and the next server is served as ever.</summary>
public sealed class McpHostileTests
{
    public static IEnumerable<TestCaseData> Hostile() =>
    [
        Case("garbage instead of JSON", "tools/list", (http, _) => http.Response.WriteAsync("\u0001\u0002 not json at all"), "mcp_broken_answer", "mcp_no_answer"),
        Case("garbage in the stream", "tools/list", (http, _) => Raw(http, "data: {{{{\n\n"), "mcp_broken_answer", "mcp_no_answer"),
        Case("an empty answer", "tools/list", (_, _) => Task.CompletedTask, "mcp_broken_answer", "mcp_no_answer"),
        Case("HTML", "tools/list", (http, _) => http.Response.WriteAsync("<html></html>"), "mcp_broken_answer", "mcp_no_answer"),
        Case("a line of 50 MB", "tools/list", Endless(new string('x', 1024 * 1024), 50), "mcp_answer_too_large"),
        Case("ten thousand tools", "tools/list", ManyTools, "mcp_answer_too_large"),
        Case("pages without end", "tools/list", EndlessPages, "mcp_answer_too_large"),
        Case("another request's id", "tools/list", (http, message) => McpPeer.Send(http, McpPeer.Result(Json("""{"id":987654}"""), new JsonObject { ["tools"] = new JsonArray() })), "mcp_broken_answer", "mcp_no_answer"),
        Case("a text for the tools", "tools/list", (http, message) => McpPeer.Send(http, McpPeer.Result(message, new JsonObject { ["tools"] = "many" })), "mcp_broken_answer", "mcp_no_answer"),
        Case("a flood of notifications", "tools/list", Flood, "mcp_answer_too_large"),
        Case("a stream that drips for ever", "tools/list", Drip, "mcp_no_answer"),
        Case("silence", "tools/list", (http, _) => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default), "mcp_no_answer"),
        Case("a redirect into the cloud", "tools/list", Redirect, "mcp_redirected"),
        Case("status 500", "tools/list", (http, _) => Status(http, 500), "http_status"),
        Case("status 401", "tools/list", (http, _) => Status(http, 401), "mcp_unauthorized"),
        Case("silence from the start", "initialize", (http, _) => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default), "mcp_no_answer"),
        Case("a revision of its own", "initialize", (http, message) => McpPeer.Send(http, McpPeer.Result(message, new JsonObject { ["protocolVersion"] = "2099-01-01", ["capabilities"] = new JsonObject(), ["serverInfo"] = new JsonObject { ["name"] = "x", ["version"] = "1" } })), "mcp_broken_answer", "mcp_no_answer"),
        Case("an abyss of brackets", "tools/list", (http, _) => Raw(http, $"data: {new string('[', 100_000)}\n\n"), "mcp_broken_answer", "mcp_no_answer"),
        Case("a bomb of gzip", "tools/list", Bomb, "mcp_answer_too_large", "mcp_broken_answer"),
    ];

    [TestCaseSource(nameof(Hostile))]
    public async Task Has_a_name(string method, Func<HttpContext, JsonElement, Task> answer, string[] codes)
    {
        var tenant = await (await McpPeers.Impatient()).Tenant();
        await using var peer = await McpPeer.Start();
        await using var good = await McpPeer.Start();
        peer.Instead = async (asked, http, message) =>
        {
            if (asked == method)
            {
                await answer(http, message);
            }

            return asked == method;
        };
        var server = await tenant.Http.Register(peer.Url);
        var watch = Stopwatch.StartNew();
        using var refreshed = await tenant.Http.PostAsync($"/v1/mcp-servers/{server}/refresh", null);
        watch.Stop();
        var problem = await refreshed.Json((int)refreshed.StatusCode);
        Assert.That(problem.GetProperty("code").GetString(), Is.AnyOf([.. codes]), problem.ToString);
        TestContext.Out.WriteLine($"{problem.GetProperty("code").GetString()} after {watch.ElapsedMilliseconds} ms");

        var other = await tenant.Http.Register(good.Url);
        await tenant.Http.AcceptAll(other);
        Assert.That(await tenant.Http.Text(other, "echo", new { text = "alive" }), Is.EqualTo("alive"));
    }

    [Test]
    public async Task A_call_that_is_flooded_or_never_answered_has_a_name()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await McpPeer.Start();
        var server = await tenant.Http.Register(peer.Url);
        await tenant.Http.AcceptAll(server);
        await tenant.Http.Configure(server, new { limits = new { timeout_ms = 1500 } });
        peer.Instead = async (method, http, _) =>
        {
            if (method == "tools/call")
            {
                await Drip(http, default);
            }

            return method == "tools/call";
        };
        using var late = await tenant.Http.CallTool(server, "echo", new { text = "x" });
        await late.Problem(503, "timeout");
        peer.Instead = async (method, http, _) =>
        {
            if (method == "tools/call")
            {
                await Flood(http, default);
            }

            return method == "tools/call";
        };
        using var flooded = await tenant.Http.CallTool(server, "echo", new { text = "x" });
        await flooded.Problem(409, "mcp_answer_too_large");
        var statuses = await Sql.Column(tenant.App.Database.Owner, "select status || ' ' || error_code from integrations.mcp_tool_executions where tenant_id = $1 order by id", tenant.Id);
        Assert.That(statuses, Is.EqualTo(new[] { "timeout timeout", "failed mcp_answer_too_large" }));
    }

    [Test]
    public async Task A_result_larger_than_the_limit_or_that_cannot_be_stored_has_a_name()
    {
        var tenant = await TestApp.NewTenant();
        await using var peer = await McpPeer.Start();
        var server = await tenant.Http.Register(peer.Url);
        await tenant.Http.Configure(server, new { limits = new { max_result_bytes = 2048 } });
        await tenant.Http.AcceptAll(server);
        peer.Say = (_, _) => new string('a', 4096);
        using (var large = await tenant.Http.CallTool(server, "echo", new { text = "x" }))
        {
            await large.Problem(409, "mcp_answer_too_large");
        }

        peer.Say = (_, _) => "a\0b";
        using var nul = await tenant.Http.CallTool(server, "echo", new { text = "x" });
        await nul.Problem(409, "mcp_answer_not_storable");
    }

    [Test]
    public async Task An_event_stream_that_names_an_endpoint_elsewhere_gets_no_request_there()
    {
        var tenant = await TestApp.NewTenant();
        await using var elsewhere = await Peer.Counting();
        await using var peer = await Peer.Start(async (_, http) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"event: endpoint\ndata: {elsewhere.Url}\n\n");
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var server = await tenant.Http.Register(peer.Url, "sse");
        using var answer = await tenant.Http.PostAsync($"/v1/mcp-servers/{server}/refresh", null);
        Assert.That((int)answer.StatusCode, Is.AnyOf(409, 503), await answer.Content.ReadAsStringAsync());
        Assert.That(elsewhere.Calls, Is.Zero);
    }

    static TestCaseData Case(string name, string method, Func<HttpContext, JsonElement, Task> answer, params string[] codes) =>
        new TestCaseData(method, answer, codes).SetName($"Has_a_name({name})");

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    static async Task Raw(HttpContext http, string text)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(text);
    }

    static Task Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    static Task Redirect(HttpContext http, JsonElement _)
    {
        http.Response.Headers.Location = "http://169.254.169.254/latest/meta-data";
        return Status(http, 307);
    }

    static Func<HttpContext, JsonElement, Task> Endless(string piece, int times) => async (http, _) =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync("data: ");
        for (var i = 0; i < times && !http.RequestAborted.IsCancellationRequested; i++)
        {
            await http.Response.WriteAsync(piece);
        }
    };

    static async Task ManyTools(HttpContext http, JsonElement message) =>
        await McpPeer.Send(http, McpPeer.Result(message, new JsonObject { ["tools"] = new JsonArray([.. Enumerable.Range(0, 10_000).Select(i => McpPeer.Tool($"tool{i}", "One of many."))]) }));

    static async Task EndlessPages(HttpContext http, JsonElement message) =>
        await McpPeer.Send(http, McpPeer.Result(message, new JsonObject { ["tools"] = new JsonArray(McpPeer.Tool($"t{Guid.CreateVersion7():n}", "One.")), ["nextCursor"] = Guid.CreateVersion7().ToString() }));

    static async Task Flood(HttpContext http, JsonElement _)
    {
        var note = McpPeer.Notification("notifications/message", JsonNode.Parse("""{"level":"info","data":"again and again"}"""));
        while (!http.RequestAborted.IsCancellationRequested)
        {
            http.Response.ContentType ??= "text/event-stream";
            await http.Response.WriteAsync(string.Concat(Enumerable.Repeat($"event: message\ndata: {note.ToJsonString()}\n\n", 100)));
        }
    }

    static async Task Drip(HttpContext http, JsonElement _)
    {
        http.Response.ContentType ??= "text/event-stream";
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.WriteAsync(": still here\n\n");
            await http.Response.Body.FlushAsync();
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    static async Task Bomb(HttpContext http, JsonElement _)
    {
        http.Response.ContentType = "application/json";
        http.Response.Headers.ContentEncoding = "gzip";
        await using var gzip = new System.IO.Compression.GZipStream(http.Response.Body, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true);
        var zeros = new byte[1024 * 1024];
        Array.Fill(zeros, (byte)' ');
        for (var i = 0; i < 200 && !http.RequestAborted.IsCancellationRequested; i++)
        {
            await gzip.WriteAsync(zeros);
        }
    }
}
