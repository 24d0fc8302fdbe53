using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Integration.Integrations.Mcp.Conformance;

/// <summary>A tenant that uses the suite's server as any other: registers it, accepts its tools, and calls each of them.</summary>
sealed class ConformanceClient : IAsyncDisposable
{
    readonly WebApplication control;
    readonly TestTenant tenant;

    ConformanceClient(WebApplication control, TestTenant tenant) => (this.control, this.tenant) = (control, tenant);

    public static async Task<ConformanceClient> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var client = new ConformanceClient(builder.Build(), await TestApp.NewTenant());
        client.control.MapPost("/", client.Drive);
        await client.control.StartAsync();
        return client;
    }

    /// <summary>What the suite is to start, its server's URL behind it.</summary>
    public async Task<string> Command() => $"{await McpModules.Node22()} {Path.Combine(McpModules.Source, "drive.mjs")} {control.Urls.First()}/";

    public ValueTask DisposeAsync() => control.DisposeAsync();

    async Task<string> Drive(HttpContext http, string url)
    {
        var context = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted);
        var server = await tenant.Http.Register(url.Replace("//localhost", "//127.0.0.1", StringComparison.Ordinal));
        await tenant.Http.AcceptAll(server);
        var tools = await tenant.Http.Tools(server);
        var calls = context.TryGetProperty("toolCalls", out var asked)
            ? asked.EnumerateArray().Select(call => (Name: call.GetProperty("name").GetString()!, Arguments: JsonNode.Parse(call.GetProperty("arguments").GetRawText())!))
            : tools.Select(tool => (Name: tool.Key, Arguments: (JsonNode)Sample(tool.Value.GetProperty("input_schema"), tools)));
        foreach (var (name, arguments) in calls)
        {
            using var answer = await tenant.Http.CallTool(server, name, arguments);
            await answer.Json(200);
        }

        return $"called {tools.Count} tools";
    }

    /// <summary>Something of each property's type; an object is another tool's schema as we know it, which is what the one scenario that takes one looks at.</summary>
    static JsonObject Sample(JsonElement schema, Dictionary<string, JsonElement> tools) => schema.TryGetProperty("properties", out var properties)
        ? new JsonObject(properties.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value.TryGetProperty("type", out var type) ? type.GetString() switch
        {
            "number" or "integer" => JsonValue.Create(3),
            "boolean" => JsonValue.Create(true),
            "object" => JsonNode.Parse(tools.Values.First(tool => tool.GetProperty("input_schema").GetRawText() != schema.GetRawText()).GetProperty("input_schema").GetRawText()),
            _ => (JsonNode?)JsonValue.Create("text"),
        } : null)))
        : [];
}
