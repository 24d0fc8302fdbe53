using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>What the tests of conversations do again and again.</summary>
static class Talks
{
    /// <summary>Answers with what it was told, and shows what it knew.</summary>
    public const string Echo = """
        { "nodes": [{ "id": "say", "skill": "transform", "with": { "text": "{{input.message}}!", "known": "=input" } }] }
        """;

    /// <summary>Answers once the peer has.</summary>
    public static string Asking(Peer peer) => $$$"""
        {
          "nodes": [
            { "id": "call", "skill": "http_request", "with": { "method": "POST", "url": "{{{peer.Url}}}" } },
            { "id": "say", "skill": "transform", "with": { "text": "{{input.message}}!" } }
          ],
          "edges": [{ "from": "call", "to": "say" }]
        }
        """;

    public static async Task<string> Conversation(this HttpClient http, string graph = Echo, string more = "") => await http.Converse(await http.Agent(graph), more);

    public static async Task<string> Converse(this HttpClient http, string agent, string more = "") =>
        $"/v1/conversations/{(await http.Post("/v1/conversations", $$"""{ "agent": "{{agent}}"{{more}} }""", 201)).GetProperty("id").GetGuid()}";

    /// <summary>Says it and answers the reply.</summary>
    public static async Task<JsonElement> Say(this HttpClient http, string conversation, string content, string more = "", int expected = 200)
    {
        using var answer = await http.PostAsync($"{conversation}/messages", Runs.Json($$"""{ "content": {{JsonSerializer.Serialize(content)}}{{more}} }"""));
        return await answer.Json(expected);
    }

    /// <summary>The oldest first.</summary>
    public static async Task<List<JsonElement>> Messages(this HttpClient http, string conversation, string more = "")
    {
        var page = await http.GetFromJsonAsync<JsonElement>($"{conversation}/messages?order=asc&limit=200{more}");
        return [.. page.GetProperty("items").EnumerateArray()];
    }

    public static string Text(this JsonElement message) => message.GetProperty("content").GetString()!;

    public static string Status(this JsonElement message) => message.GetProperty("status").GetString()!;

    /// <summary>What the agent was given to make this reply.</summary>
    public static async Task<JsonElement> InputOf(this HttpClient http, JsonElement reply) => (await http.View(reply.GetProperty("run_id").GetGuid())).GetProperty("input");

    /// <summary>As <c>role: content</c>.</summary>
    public static List<string> History(this JsonElement input) =>
        [.. input.GetProperty("history").EnumerateArray().Select(said => $"{said.GetProperty("role").GetString()}: {said.Text()}")];

    /// <summary>Asks for all replies until each has ended.</summary>
    public static Task<List<JsonElement>> Settled(this HttpClient http, string conversation) =>
        Eventually.Get(() => http.Messages(conversation, "&superseded=true"), messages => messages.TrueForAll(message => message.GetProperty("finished_at").ValueKind is JsonValueKind.String));
}
