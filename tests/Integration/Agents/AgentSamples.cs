using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Agents;

/// <summary>Graphs to begin with, and the shortest ways to an agent.</summary>
static class AgentSamples
{
    public const string Hello =
        """
        { "nodes": [{ "id": "hello", "skill": "transform", "with": { "text": "=input.name" } }], "edges": [], "output": "=hello" }
        """;

    /// <summary>Two nodes, one of them an HTTP call.</summary>
    public const string Fetch =
        """
        {
          "nodes": [
            { "id": "fetch", "skill": "http_request@1", "with": { "url": "=input.url", "method": "GET" } },
            { "id": "hello", "skill": "transform", "with": { "status": "=fetch.status" } }
          ],
          "edges": [{ "from": "fetch", "to": "hello" }],
          "output": "=hello"
        }
        """;

    public static JsonElement Json(string text) => JsonElement.Parse(text);

    public static StringContent Body(string json, string type = "application/json") => new(json, Encoding.UTF8, new MediaTypeHeaderValue(type));

    /// <summary>An agent with one version.</summary>
    public static async Task<JsonElement> Agent(this HttpClient http, string slug, string? graph = null, string name = "An agent", string[]? tags = null)
    {
        using var answer = await http.PostAsJsonAsync("/v1/agents", new { slug, name, tags = tags ?? [], graph = Json(graph ?? Hello) });
        return await answer.Json(expected: 201);
    }

    public static async Task<JsonElement> Get(this HttpClient http, string path, int expected = 200)
    {
        using var answer = await http.GetAsync(path);
        return await answer.Json(expected);
    }

    public static async Task<JsonElement> Post(this HttpClient http, string path, object? body, int expected)
    {
        using var answer = body is null ? await http.PostAsync(path, null) : await http.PostAsJsonAsync(path, body);
        return await answer.Json(expected);
    }

    public static async Task<HttpResponseMessage> Send(this HttpClient http, HttpMethod method, string path, object? body = null, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        if (header is var (name, value))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request);
    }

    public static string[] Slugs(this JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("slug").GetString()!)];

    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    public static (string Pointer, string Code)[] Faults(this JsonElement problem) =>
        [.. problem.GetProperty("errors").EnumerateArray().Select(e => (e.Text("pointer")!, e.Text("code")!))];

    /// <summary>How often the tenant's audit log tells of an action.</summary>
    public static async Task<int> Audited(this HttpClient http, string action) =>
        (await http.Get($"/v1/audit-logs?action={action}")).GetProperty("items").GetArrayLength();
}
