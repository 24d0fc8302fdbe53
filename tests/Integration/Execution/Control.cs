using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>What the tests of control do again and again.</summary>
static class Control
{
    /// <summary>A program that accepts runs and executes none: they stay where they were put.</summary>
    public static Task<TestApp> WithoutWorkers() => TestApp.Start(new Dictionary<string, string?> { ["Roles"] = "api,scheduler" });

    public static async Task<JsonElement> Post(this HttpClient http, string path, string? body = null, int expected = 202)
    {
        using var answer = await http.PostAsync(path, body is null ? null : Runs.Json(body));
        return await answer.Json(expected);
    }

    public static async Task Refused(this HttpClient http, string path, int status, string code, string? body = null)
    {
        using var answer = await http.PostAsync(path, body is null ? null : Runs.Json(body));
        await answer.Problem(status, code);
    }

    public static async Task<string> Status(this HttpClient http, Guid run) => (await http.View(run)).GetProperty("status").GetString()!;

    public static async Task Becomes(this HttpClient http, Guid run, string status) =>
        Assert.That(await Eventually.Get(() => http.Status(run), now => now == status), Is.EqualTo(status));

    public static async Task<List<string>> AuditActions(this TestTenant tenant)
    {
        var page = await tenant.Http.GetFromJsonAsync<JsonElement>("/v1/audit-logs?limit=200");
        return [.. page.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()!)];
    }
}
