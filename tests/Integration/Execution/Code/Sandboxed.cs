using System.Text.Json;
using AgentPlatform.Infrastructure.Execution.Code;
using AgentPlatform.Integration.Agents;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Execution.Code;

/// <summary>What the tests of customers' code do again and again.</summary>
static class Sandboxed
{
    /// <summary>Its tests say that they were skipped where nobody has installed it; build.sh and CI do.</summary>
    public static async Task Needed()
    {
        if (!(await TestApp.Shared()).Services.GetRequiredService<SandboxOptions>().IsInstalled)
        {
            Assert.Ignore("The sandbox is not installed: run sandbox/install.sh.");
        }
    }

    /// <summary>Tries out a piece of code and answers how it ended.</summary>
    public static Task<JsonElement> Try(this HttpClient http, string language, string code, object? input = null, object? spec = null) =>
        http.Post("/v1/code/run", new { language, source_code = code, input, spec = spec ?? new { } }, 200);

    /// <summary>The result of code that has to succeed, as JSON text.</summary>
    public static async Task<string> Result(this HttpClient http, string language, string code, object? input = null, object? spec = null)
    {
        var run = await http.Try(language, code, input, spec);
        Assert.That(run.Text("status"), Is.EqualTo("succeeded"), run.GetRawText());
        return run.GetProperty("result").GetRawText();
    }

    /// <summary>The error of code that has to fail.</summary>
    public static async Task<JsonElement> Failure(this HttpClient http, string language, string code, object? input = null, object? spec = null)
    {
        var run = await http.Try(language, code, input, spec);
        Assert.That(run.Text("status"), Is.EqualTo("failed"), run.GetRawText());
        return run.GetProperty("error");
    }
}
