using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations.Mcp;

/// <summary>What the tests of MCP servers do again and again.</summary>
static class Servers
{
    /// <summary>Registers a server and answers its slug.</summary>
    public static async Task<string> Register(this HttpClient http, string url, string transport = "http")
    {
        var slug = $"s-{Guid.CreateVersion7():n}";
        using var answer = await http.PostAsJsonAsync("/v1/mcp-servers", new { slug, name = "Peer", transport, url });
        await answer.Json(201);
        return slug;
    }

    public static async Task<string> RegisterFromCatalogue(this HttpClient http, string catalogue, object? values = null)
    {
        var slug = $"s-{Guid.CreateVersion7():n}";
        using var answer = await http.PostAsJsonAsync("/v1/mcp-servers", new { slug, name = catalogue, transport = "stdio", catalogue });
        await answer.Json(201);
        if (values is not null)
        {
            await http.Configure(slug, new { values });
        }

        return slug;
    }

    public static async Task<JsonElement> Configure(this HttpClient http, string server, object config)
    {
        using var answer = await http.PutAsJsonAsync($"/v1/mcp-servers/{server}/config", config);
        return await answer.Json(200);
    }

    public static async Task<JsonElement> Refresh(this HttpClient http, string server)
    {
        using var answer = await http.PostAsync($"/v1/mcp-servers/{server}/refresh", null);
        return await answer.Json(200);
    }

    /// <summary>The tools by name.</summary>
    public static async Task<Dictionary<string, JsonElement>> Tools(this HttpClient http, string server)
    {
        var page = await http.GetFromJsonAsync<JsonElement>($"/v1/mcp-servers/{server}/tools?limit=200");
        return page.GetProperty("items").EnumerateArray().ToDictionary(tool => tool.GetProperty("name").GetString()!);
    }

    /// <summary>Asks the server what it offers and accepts all of it, or only these.</summary>
    public static async Task AcceptAll(this HttpClient http, string server, params string[] names)
    {
        await http.Refresh(server);
        var tools = (await http.Tools(server)).Values.Where(tool => names.Length == 0 || names.Contains(tool.GetProperty("name").GetString()))
            .Select(tool => new { name = tool.GetProperty("name").GetString(), hash = tool.GetProperty("hash").GetString() });
        using var answer = await http.PostAsJsonAsync($"/v1/mcp-servers/{server}/accept", new { tools });
        await answer.Json(200);
    }

    public static Task<HttpResponseMessage> CallTool(this HttpClient http, string server, string tool, object? arguments = null) =>
        http.PostAsJsonAsync($"/v1/mcp-servers/{server}/tools/{Uri.EscapeDataString(tool)}/call", new { arguments = arguments ?? new { } });

    /// <summary>Calls a tool and answers its text.</summary>
    public static async Task<string> Text(this HttpClient http, string server, string tool, object? arguments = null)
    {
        using var answer = await http.CallTool(server, tool, arguments);
        return (await answer.Json(200)).GetProperty("text").GetString()!;
    }
}
