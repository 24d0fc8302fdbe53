using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Browser.Support;

/// <summary>What a journey finds when it begins, made by the API: the way there is another journey's.</summary>
static class Agents
{
    /// <summary>Makes an agent, or a version of it, of a definition in YAML.</summary>
    public static async Task Define(this TestTenant tenant, string slug, string yaml)
    {
        using var content = new StringContent(yaml, Encoding.UTF8, "application/yaml");
        using var answer = await tenant.Http.PutAsync($"/v1/agents/{slug}/definition", content);
        Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());
    }

    /// <returns>The run's id.</returns>
    public static async Task<string> Start(this TestTenant tenant, string slug, object? input = null)
    {
        using var answer = await tenant.Http.PostAsJsonAsync($"/v1/agents/{slug}/runs", new { input });
        return (await answer.Json(expected: 202)).GetProperty("id").GetString()!;
    }

    /// <returns>The run's id, once it is in this state.</returns>
    public static async Task<string> StartUntil(this TestTenant tenant, string status, string slug, object? input = null)
    {
        var id = await tenant.Start(slug, input);
        var run = await Eventually.Get(() => tenant.Run(id), run => run.GetProperty("status").GetString() == status);
        Assert.That(run.GetProperty("status").GetString(), Is.EqualTo(status), run.ToString);
        return id;
    }

    public static async Task Signal(this TestTenant tenant, string run, string name)
    {
        using var answer = await tenant.Http.PostAsJsonAsync($"/v1/runs/{run}/signals/{name}", new { payload = new { from = "a test" } });
        Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());
    }

    public static async Task<JsonElement> Run(this TestTenant tenant, string id)
    {
        using var answer = await tenant.Http.GetAsync($"/v1/runs/{id}");
        return await answer.Json(expected: 200);
    }

    public static async Task<JsonElement> Make(this TestTenant tenant, string path, object body)
    {
        using var answer = await tenant.Http.PostAsJsonAsync(path, body);
        Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }
}
