using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Integration.Integrations.Mcp;

/// <summary>An MCP server over streamable HTTP that speaks by hand, so that it can also misbehave in every way that a test wants.</summary>
sealed class McpPeer : IAsyncDisposable
{
    readonly WebApplication app;

    McpPeer(WebApplication app) => this.app = app;

    public string Url => $"{app.Urls.First()}/mcp";

    /// <summary>The revision that <c>initialize</c> answers with.</summary>
    public string Revision { get; set; } = "2025-06-18";

    public List<JsonObject> Tools { get; } = [Tool("echo", "Says it again.")];

    /// <summary>What one method answers instead of what is right; null leaves the answer to the peer.</summary>
    public Func<string, HttpContext, JsonElement, Task<bool>>? Instead { get; set; }

    /// <summary>What a tool's text is, given its arguments.</summary>
    public Func<HttpContext, JsonElement, string> Say { get; set; } = (_, arguments) => arguments.TryGetProperty("text", out var text) ? text.GetString()! : "nothing";

    /// <summary>The methods that were asked, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What the client answered to requests of the peer's own.</summary>
    public ConcurrentQueue<JsonElement> Replies { get; } = new();

    public static JsonObject Tool(string name, string description) => new()
    {
        ["name"] = name,
        ["description"] = description,
        ["inputSchema"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["text"] = new JsonObject { ["type"] = "string" } },
            ["required"] = new JsonArray("text"),
        },
    };

    public static async Task<McpPeer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var peer = new McpPeer(builder.Build());
        peer.app.MapPost("/mcp", peer.Take);
        await peer.app.StartAsync();
        return peer;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>An answer as one event of a stream.</summary>
    public static async Task Send(HttpContext http, JsonNode message)
    {
        http.Response.ContentType ??= "text/event-stream";
        await http.Response.WriteAsync($"event: message\ndata: {message.ToJsonString()}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    public static JsonObject Result(JsonElement message, JsonNode result) => new() { ["jsonrpc"] = "2.0", ["id"] = JsonNode.Parse(message.GetProperty("id").GetRawText()), ["result"] = result };

    public static JsonObject Notification(string method, JsonNode? parameters = null) => new() { ["jsonrpc"] = "2.0", ["method"] = method, ["params"] = parameters ?? new JsonObject() };

    async Task Take(HttpContext http)
    {
        var message = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted);
        if (!message.TryGetProperty("method", out var named))
        {
            Replies.Enqueue(message);
            http.Response.StatusCode = 202;
            return;
        }

        var method = named.GetString()!;
        Asked.Enqueue(method);
        if (Instead is { } instead && await instead(method, http, message))
        {
            return;
        }

        if (!message.TryGetProperty("id", out _))
        {
            http.Response.StatusCode = 202;
            return;
        }

        await Send(http, method switch
        {
            "initialize" => Result(message, new JsonObject
            {
                ["protocolVersion"] = Revision,
                ["capabilities"] = new JsonObject { ["tools"] = new JsonObject { ["listChanged"] = true } },
                ["serverInfo"] = new JsonObject { ["name"] = "peer", ["version"] = "1" },
            }),
            "tools/list" => Result(message, new JsonObject { ["tools"] = new JsonArray([.. Tools.Select(tool => tool.DeepClone())]) }),
            "tools/call" => Result(message, new JsonObject
            {
                ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = Say(http, message.GetProperty("params").GetProperty("arguments")) }),
            }),
            "ping" => Result(message, new JsonObject()),
            _ => new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = JsonNode.Parse(message.GetProperty("id").GetRawText()),
                ["error"] = new JsonObject { ["code"] = -32601, ["message"] = "Method not found" },
            },
        });
    }
}
