using System.Net.Http.Json;
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

    readonly bool asksPeople;

    ConformanceClient(WebApplication control, TestTenant tenant, bool asksPeople) => (this.control, this.tenant, this.asksPeople) = (control, tenant, asksPeople);

    /// <param name="asksPeople">The suite's server lets nobody in to whom no person has consented.</param>
    public static async Task<ConformanceClient> Start(TestTenant? tenant = null, bool asksPeople = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var client = new ConformanceClient(builder.Build(), tenant ?? await TestApp.NewTenant(), asksPeople);
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
        // A server that speaks of itself in its metadata is called by the name that it has there.
        var server = await tenant.Http.Register(asksPeople ? url : url.Replace("//localhost", "//127.0.0.1", StringComparison.Ordinal));
        if (asksPeople)
        {
            await ComeIn(server, context);
        }

        await tenant.Http.AcceptAll(server);
        var tools = await tenant.Http.Tools(server);
        var calls = context.TryGetProperty("toolCalls", out var asked)
            ? asked.EnumerateArray().Select(call => (Name: call.GetProperty("name").GetString()!, Arguments: JsonNode.Parse(call.GetProperty("arguments").GetRawText())!))
            : tools.Select(tool => (Name: tool.Key, Arguments: (JsonNode)Sample(tool.Value.GetProperty("input_schema"), tools)));
        foreach (var (name, arguments) in calls)
        {
            await Call(server, name, arguments, context);
        }

        return $"called {tools.Count} tools";
    }

    /// <summary>Calls a tool; where the server wants more to be allowed, a person is asked for it, at most twice.</summary>
    async Task Call(string server, string name, JsonNode arguments, JsonElement context)
    {
        for (var asked = 0; ; asked++)
        {
            using var answer = await tenant.Http.CallTool(server, name, arguments);
            if (asksPeople && asked < 2 && (int)answer.StatusCode == 409 && Wanted(await answer.Json(409)) is { } scopes)
            {
                await Consent(server, context, scopes);
                continue;
            }

            await answer.Json(200);
            return;
        }
    }

    /// <summary>Until the server says what it offers: it may want more when it has seen the token.</summary>
    async Task ComeIn(string server, JsonElement context)
    {
        for (var asked = 0; asked < 3; asked++)
        {
            using var answer = await tenant.Http.PostAsync($"/v1/mcp-servers/{server}/refresh", null);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Consent(server, context, Wanted(await answer.Json(409)));
        }
    }

    /// <summary>What a refused server said that a token must be for; null when it said nothing.</summary>
    static string[]? Wanted(JsonElement problem)
    {
        const string Wants = "It wants a token for: ";
        var said = problem.GetProperty("detail").GetString()!;
        return said.Contains(Wants, StringComparison.Ordinal) ? said[(said.IndexOf(Wants, StringComparison.Ordinal) + Wants.Length)..].Split(' ') : null;
    }

    /// <summary>Finds out where a person consents, and goes that way with their browser.</summary>
    async Task Consent(string server, JsonElement context, string[]? scopes)
    {
        string? Given(string field) => context.TryGetProperty(field, out var value) ? value.GetString() : null;
        using var connected = await tenant.Http.PostAsJsonAsync($"/v1/mcp-servers/{server}/connect", new { client_id = Given("client_id"), client_secret = Given("client_secret"), scopes });
        var connection = await connected.Json(200);
        using var handler = new HttpClientHandler { CookieContainer = tenant.Owner.Cookies };
        using var browser = new HttpClient(handler) { BaseAddress = tenant.App.Address };
        using var answer = await browser.GetAsync(connection.GetProperty("authorize_url").GetString());
        await answer.Json(200);
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
