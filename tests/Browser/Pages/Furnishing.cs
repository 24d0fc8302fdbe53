using System.Net.Http.Json;
using AgentPlatform.Browser.Support;
using AgentPlatform.Integration.Support;
using static System.Globalization.CultureInfo;

namespace AgentPlatform.Browser.Pages;

/// <summary>What people keep beside their agents.</summary>
static class Furnishing
{
    public static async Task Furnish(TestTenant tenant)
    {
        await tenant.Make("/v1/agents/summarise-feed/triggers", new { name = "Every morning", kind = "schedule", cron = "0 7 * * 1-5", time_zone = "Europe/Berlin" });
        await tenant.Make("/v1/agents/route-lead/triggers", new { name = "Web form", kind = "webhook", path = "leads" });
        await tenant.Make("/v1/agents/route-lead/triggers", new { name = "Every week", kind = "schedule", cron = "0 9 * * 1", time_zone = "UTC" });
        await tenant.Make("/v1/teams", new { slug = "support", name = "Support", description = "Whoever answers customers" });
        await tenant.Make("/v1/api-keys", new { name = "Website", scopes = new[] { "runs:execute", "runs:read" } });
        await tenant.Make("/v1/budgets", new { name = "All models", scope = "tenant", limit_micros = 20_000_000, window = "month", action = "alert" });
        await tenant.Make("/v1/credentials", new { name = "mail-api", secret = new { token = Secret() }, auth_type = "bearer_token", allowed_hosts = new[] { "api.mail.example" } });
        await tenant.Make("/v1/mcp-servers", new { slug = "weather", name = "Weather", description = "Forecasts", transport = "http", url = "https://weather.example/mcp" });
        await tenant.Make("/v1/interactions", new { title = "Called the customer back", type = "other", description = "He keeps his plan.", tags = new[] { "phone" } });
        await Skill(tenant);
        await Draft(tenant);
    }

    static async Task Skill(TestTenant tenant)
    {
        await tenant.Make("/v1/skills", new { slug = "slugify", name = "Make a slug", type = "code", category = "computation", description = "A short name out of a title" });
        await tenant.Make("/v1/skills/slugify/versions", new
        {
            language = "javascript",
            source_code = "export function main(input) {\n  return { slug: input.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') };\n}\n",
            input_schema = new { type = "object", properties = new { title = new { type = "string" } }, required = new[] { "title" } },
            changelog = "First",
        });
    }

    /// <summary>Something to publish.</summary>
    static async Task Draft(TestTenant tenant)
    {
        var graph = new { nodes = new[] { new { id = "said", skill = "transform", with = new { text = "=input.title" } } }, edges = Array.Empty<object>() };
        using var answer = await tenant.Http.PutAsJsonAsync("/v1/agents/summarise-feed/draft", new { graph });
        Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());
    }

    static string Secret() => Guid.CreateVersion7().ToString("n", InvariantCulture);
}
