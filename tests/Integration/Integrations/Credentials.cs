using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Integration.Execution;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations;

/// <summary>What the tests of credentials do again and again.</summary>
static class Credentials
{
    /// <summary>A secret that no file holds: made when it is needed.</summary>
    public static string Random(string kind = "canary") => $"{kind}-{Guid.CreateVersion7():n}{Guid.CreateVersion7():n}";

    /// <summary>Stores a credential and answers it.</summary>
    public static async Task<JsonElement> Credential(this HttpClient http, object body, int status = 201)
    {
        using var answer = await http.PostAsJsonAsync("/v1/credentials", body);
        return await answer.Json(status);
    }

    /// <summary>One call to a peer with the credential; the output is what the peer answered.</summary>
    public static string Calling(string url, string credential, string more = "") => $$"""
        {
          "nodes": [{ "id": "call", "skill": "http_request", "credential": "{{credential}}", "with": { "url": "{{url}}" }{{more}} }],
          "output": { "got": "=call.body" }
        }
        """;

    public static string Host(this Peer peer) => new Uri(peer.Url).Authority;
}
