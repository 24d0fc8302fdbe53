using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution.Tools;

/// <summary>What the tests of tools do again and again.</summary>
static class Tooling
{
    /// <summary>Makes a skill with one version and answers its slug.</summary>
    /// <param name="version">The version's members, for example <c>"spec": {…}</c>.</param>
    public static async Task<string> Skill(this TestTenant tenant, string type, string version, string more = "")
    {
        var slug = $"s-{Guid.CreateVersion7():n}";
        await tenant.Http.Post("/v1/skills", $$"""{ "slug": "{{slug}}", "name": "Skill", "type": "{{type}}", "category": "utility"{{more}} }""", expected: 201);
        await tenant.Http.Post($"/v1/skills/{slug}/versions", $"{{ {version} }}", expected: 201);
        return slug;
    }

    /// <summary>A tool that gives back what it is given, which is a text <c>say</c>.</summary>
    public static Task<string> Echo(this TestTenant tenant) => tenant.Skill("transform",
        """ "input_schema": { "type": "object", "additionalProperties": false, "required": ["say"], "properties": { "say": { "type": "string" } } } """,
        """, "description": "Says it again." """);

    /// <summary>A tool that posts to a peer.</summary>
    public static Task<string> Posting(this TestTenant tenant, Peer peer) => tenant.Skill("http_request", $$$""" "spec": { "with": { "url": "{{{peer.Url}}}", "method": "POST" } } """);

    public static async Task Bind(this TestTenant tenant, string agent, string skill, string settings = "{}")
    {
        using var answer = await tenant.Http.PutAsync($"/v1/agents/{agent}/skills/{skill}", Runs.Json(settings));
        await answer.Json(200);
    }

    /// <summary>An agent of one <c>llm</c> node with these skills bound to it.</summary>
    public static async Task<string> Agent(this TestTenant tenant, Script script, params IReadOnlyList<string> skills)
    {
        var agent = await tenant.Http.Agent(script.Graph());
        foreach (var skill in skills)
        {
            await tenant.Bind(agent, skill);
        }

        return agent;
    }

    /// <summary>An agent of a model and a system prompt alone, with these skills bound to it.</summary>
    public static async Task<string> Agent(this TestTenant tenant, params IReadOnlyList<string> skills)
    {
        var slug = $"a-{Guid.CreateVersion7():n}";
        await tenant.Http.Post("/v1/agents", $$"""{ "slug": "{{slug}}", "name": "Agent", "model": { "vendor": "sandbox", "model": "echo" }, "system_prompt": "Be brief." }""", expected: 201);
        foreach (var skill in skills)
        {
            await tenant.Bind(slug, skill);
        }

        return slug;
    }

    public static async Task<List<JsonElement>> ToolExecutions(this HttpClient http, string query) =>
        [.. (await http.GetFromJsonAsync<JsonElement>($"/v1/tool-executions?{query}")).GetProperty("items").EnumerateArray()];

    /// <summary>The steps as <c>path/node/status</c>.</summary>
    public static async Task<List<string>> StepPlaces(this HttpClient http, Guid run) => (await http.Steps(run)).ConvertAll(step =>
        $"{(step.GetProperty("path").GetString() is { } path ? path + "/" : "")}{step.GetProperty("node_id").GetString()}/{step.GetProperty("status").GetString()}");
}
