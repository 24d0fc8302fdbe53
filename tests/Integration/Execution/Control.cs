using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>What the tests of control do again and again.</summary>
static class Control
{
    /// <summary>A program that accepts runs and executes none: they stay where they were put.</summary>
    public static Task<TestApp> WithoutWorkers() => TestApp.Start(new Dictionary<string, string?> { ["Roles"] = "api,scheduler" });

    /// <summary>Puts runs of the agent into the queue, many in one statement, each with the text "hello".</summary>
    public static Task Queue(this TestApp app, TestTenant tenant, string agent, int count) => Sql.Execute(app.Database.Owner, """
        with stored as (
          insert into execution.runs (tenant_id, id, agent_id, agent_version_id, trigger_source, status, input, steps_total)
          select a.tenant_id, overlay(overlay(gen_random_uuid()::text placing left($1::text, 14) from 1 for 14) placing '7' from 15 for 1)::uuid, a.id, a.latest_version_id,
            'manual', 'queued', '{"text":"hello"}', 1
          from agents.agents a, generate_series(1, $2) where a.tenant_id = $3 and a.slug = $4
          returning tenant_id, id
        ), queued as (
          insert into execution.run_queue (tenant_id, run_id) select tenant_id, id from stored returning 1
        )
        select pg_notify('runs_queued', '') from queued limit 1
        """, Guid.CreateVersion7(), count, tenant.Id, agent);

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
