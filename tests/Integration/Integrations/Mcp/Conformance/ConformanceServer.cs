using System.Text;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Integration.Integrations.Mcp.Conformance;

/// <summary>
/// <c>/mcp</c> of a tenant with the tools that the suite asks for, each of them an agent. The suite sends no credentials, and its tools have names that no slug may have:
/// a peer in between adds the key, writes hyphens for underscores, and passes everything else on as it is.
/// </summary>
sealed class ConformanceServer
{
    static readonly string[] Tools = ["greet", "slow_compute", "failing_job", "confirm_delete", "multi_input", "test_simple_text", "test_error_handling", "test_tool_with_progress", "test_streaming_elicitation", "test_logging_tool", "test_routed", "json_schema_2020_12_tool"];

    static readonly Once<ConformanceServer> Started = new(Start);

    ConformanceServer(WebApplication between) => Url = $"{between.Urls.First()}/mcp";

    public string Url { get; }

    public static Task<ConformanceServer> Shared() => Started.Value();

    static async Task<ConformanceServer> Start()
    {
        var tenant = await TestApp.NewTenant();
        foreach (var (slug, graph, schema) in Agents)
        {
            using var made = await tenant.Http.PostAsync("/v1/agents", Runs.Json($$"""{ "slug": "{{slug}}", "name": "{{slug}}", "description": "Of the suite.", "graph": {{graph}}, "input_schema": {{schema}} }"""));
            await made.Json(201);
        }

        var key = await tenant.ApiKey("agents:read", "runs:execute", "runs:read", "runs:write", "approvals:write");
        return new ConformanceServer(await Between(tenant.App.Address, key.DefaultRequestHeaders.Authorization!.ToString()));
    }

    static IEnumerable<(string Slug, string Graph, string Schema)> Agents =>
    [
        ("greet", """{ "nodes": [{ "id": "say", "skill": "transform", "with": { "text": "=join('', ['Hello, ', input.name, '!'])" } }], "output": "=say.text" }""", Any),
        // Half a second more than was asked for, so that 1 is longer than a call is waited for and 0 is not.
        ("slow-compute", """{ "nodes": [{ "id": "pause", "skill": "wait", "with": { "for": "=join('', [to_string(input.seconds), '500ms'])" } }] }""", Any),
        ("failing-job", """{ "nodes": [{ "id": "pause", "skill": "wait", "with": { "for": "1500ms" } }, { "id": "no", "skill": "fail", "with": { "message": "It cannot be done." } }], "edges": [{ "from": "pause", "to": "no" }] }""", Any),
        ("confirm-delete", """{ "nodes": [{ "id": "ask", "skill": "approval", "with": { "title": "=join('', ['Delete ', input.filename, '?'])" } }] }""", Any),
        ("multi-input", """{ "nodes": [{ "id": "one", "skill": "approval", "with": { "title": "One?" } }, { "id": "two", "skill": "approval", "with": { "title": "Two?" } }] }""", Any),
        ("test-simple-text", """{ "nodes": [{ "id": "say", "skill": "transform", "with": { "text": "This is a simple text response for testing." } }], "output": "=say.text" }""", Any),
        ("test-streaming-elicitation", Runs.Echo, Any),
        ("test-logging-tool", Runs.Echo, Any),
        ("test-routed", Runs.Echo, """{ "type": "object", "properties": { "text": { "type": "string", "x-mcp-header": "Text" } } }"""),
        ("test-error-handling", """{ "nodes": [{ "id": "no", "skill": "fail", "with": { "message": "This tool intentionally returns an error for testing" } }] }""", Any),
        ("test-tool-with-progress", """{ "nodes": [{ "id": "pause", "skill": "wait", "with": { "for": "8s" } }] }""", Any),
        ("json-schema-2020-12-tool", Runs.Echo, Rich),
    ];

    const string Any = """{ "type": "object" }""";

    const string Rich = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "$defs": { "address": { "$anchor": "addressDef", "type": "object", "properties": { "street": { "type": "string" }, "city": { "type": "string" } } } },
          "properties": {
            "name": { "type": "string" },
            "address": { "$ref": "#/$defs/address" },
            "contactMethod": { "type": "string", "enum": ["phone", "email"] },
            "phone": { "type": "string" },
            "email": { "type": "string" }
          },
          "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
          "if": { "properties": { "contactMethod": { "const": "phone" } }, "required": ["contactMethod"] },
          "then": { "required": ["phone"] },
          "else": { "required": ["email"] },
          "additionalProperties": false
        }
        """;

    static async Task<WebApplication> Between(Uri to, string authorization)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var http = new HttpClient { BaseAddress = to };
        app.Map("/mcp", async context =>
        {
            using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), "/mcp");
            if (HttpMethods.IsPost(context.Request.Method))
            {
                using var reader = new StreamReader(context.Request.Body);
                request.Content = new StringContent(Spell(await reader.ReadToEndAsync(context.RequestAborted), '_', '-'), Encoding.UTF8);
                request.Content.Headers.ContentType = null;
            }

            foreach (var (name, values) in context.Request.Headers.Where(header => header.Key is not ("Content-Length" or "Connection" or "Transfer-Encoding")))
            {
                var said = values.Select(value => name == "Mcp-Name" ? value?.Replace('_', '-') : value);
                if (!request.Headers.TryAddWithoutValidation(name, said))
                {
                    request.Content?.Headers.TryAddWithoutValidation(name, said);
                }
            }

            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(context.RequestAborted));
            while (await lines.ReadLineAsync(context.RequestAborted) is { } line)
            {
                await context.Response.WriteAsync($"{Spell(line, '-', '_')}\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
        await app.StartAsync();
        return app;
    }

    static string Spell(string text, char from, char to) =>
        Tools.Aggregate(text, (said, tool) => said.Replace($"\"name\":\"{tool.Replace('_', from)}\"", $"\"name\":\"{tool.Replace('_', to)}\"", StringComparison.Ordinal));
}
