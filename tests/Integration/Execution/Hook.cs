using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentPlatform.Domain.Execution.Webhooks;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution;

/// <summary>A webhook trigger and the sender who holds its secret.</summary>
sealed record Hook(Guid Id, string Address, SignatureScheme Scheme, string? Secret)
{
    public static async Task<Hook> Create(HttpClient http, string agent, string slug, string scheme = "standard", string more = "")
    {
        using var answer = await http.PostAsync($"/v1/agents/{agent}/triggers", Runs.Json($$"""{ "name": "Hook", "kind": "webhook", "signature": "{{scheme}}"{{more}} }"""));
        var made = await answer.Json(expected: 201);
        Assert.That(SignatureSchemes.TryParse(scheme, out var parsed), Is.True);
        return new Hook(made.GetProperty("id").GetGuid(), $"/hooks/{slug}/{made.GetProperty("path").GetString()}", parsed, made.GetProperty("secret").GetString());
    }

    public static async Task<Hook> Of(TestTenant tenant, string graph = Runs.Echo, string scheme = "standard", string more = "") =>
        await Create(tenant.Http, await tenant.Http.Agent(graph), tenant.Slug, scheme, more);

    public HttpRequestMessage Delivery(string body = "{}", string id = "msg_1", DateTimeOffset? at = null, string? secret = null, string query = "")
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var request = new HttpRequestMessage(HttpMethod.Post, Address + query) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new("application/json");
        if (WebhookSecret.TryParse(Scheme, secret ?? Secret, out var key))
        {
            foreach (var (name, value) in WebhookSigner.Sign(Scheme, bytes, [key], at ?? TimeProvider.System.GetUtcNow(), id))
            {
                request.Headers.Add(name, value);
            }
        }

        return request;
    }

    public async Task<HttpResponseMessage> Send(TestApp app, HttpRequestMessage request)
    {
        using var http = app.Anonymous();
        using (request)
        {
            return await http.SendAsync(request);
        }
    }

    /// <summary>Sends a good delivery and answers the run's id.</summary>
    public async Task<Guid> Fire(TestApp app, int expected = 202, string body = "{}", string id = "msg_1", string? secret = null)
    {
        using var answer = await Send(app, Delivery(body, id, secret: secret));
        return (await answer.Json(expected)).GetProperty("run_id").GetGuid();
    }

    public static async Task<int> Count(HttpClient http) => (await http.GetFromJsonAsync<JsonElement>("/v1/runs?limit=200")).GetProperty("items").GetArrayLength();
}
