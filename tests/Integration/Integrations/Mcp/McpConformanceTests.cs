using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Integration.Integrations.Mcp;

/// <summary>
/// The protocol's own conformance suite against <c>/mcp</c>: the scenarios that need no tools, prompts or resources of its own test server. It sends no credentials, so
/// a peer in between adds the key and passes everything else on as it is.
/// </summary>
public sealed class McpConformanceTests
{
    [TestCase("server-initialize")]
    [TestCase("ping")]
    [TestCase("tools-list")]
    [TestCase("dns-rebinding-protection")]
    public async Task Passes(string scenario)
    {
        var tenant = await TestApp.NewTenant();
        await tenant.Http.Agent(Runs.Echo, """, "description": "Says it again.", "input_schema": { "type": "object" }""");
        using var key = await tenant.ApiKey("agents:read", "runs:execute", "runs:read");
        await using var between = await Between(tenant.App.Address, key.DefaultRequestHeaders.Authorization!.ToString());
        var modules = await McpModules.Installed();
        var (code, output) = await McpModules.Run(
            McpPeers.Node,
            [Path.Combine(modules, "@modelcontextprotocol/conformance/dist/index.js"), "server", "--url", $"{between.Urls.First()}/mcp", "--scenario", scenario],
            Directory.CreateTempSubdirectory("agentplatform-conformance-").FullName);
        TestContext.Out.WriteLine(output);
        Assert.That(code, Is.Zero, output);
    }

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
            request.Content = HttpMethods.IsPost(context.Request.Method) ? new StreamContent(context.Request.Body) : null;
            foreach (var (name, values) in context.Request.Headers.Where(header => header.Key is not ("Content-Length" or "Connection" or "Transfer-Encoding")))
            {
                if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                {
                    request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
                }
            }

            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        await app.StartAsync();
        return app;
    }
}
