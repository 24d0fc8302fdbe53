using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace AgentPlatform.Benchmarks;

/// <summary>A tenant of its own beside the load's, its owner signed in at the server's address.</summary>
sealed class ProveCustomer : IDisposable
{
    readonly string slug;

    ProveCustomer(HttpClient http, string slug)
    {
        Http = http;
        this.slug = slug;
    }

    public HttpClient Http { get; }

    public static async Task<ProveCustomer> Join(Uri address)
    {
        var http = new HttpClient { BaseAddress = address };
        var slug = $"prove-{Guid.CreateVersion7():n}"[..30];
        var signedUp = await Read(await http.PostAsJsonAsync("/v1/signup", new { email = $"{slug}@prove.example", password = "a long benchmark password", name = "Prove", tenant = new { name = "Prove", slug } }));
        http.DefaultRequestHeaders.Add("X-CSRF-Token", signedUp.GetProperty("csrf_token").GetString());
        return new ProveCustomer(http, slug);
    }

    /// <returns>The agent's webhook.</returns>
    public async Task<Target> Deploy(string agent, string definition)
    {
        using var yaml = new StringContent(definition, Encoding.UTF8, "application/yaml");
        await Read(await Http.PutAsync($"/v1/agents/{agent}/definition", yaml));
        var trigger = await Read(await Http.PostAsJsonAsync($"/v1/agents/{agent}/triggers", new { name = "prove", kind = "webhook", path = agent }));
        return new Target(Http.BaseAddress!, $"/hooks/{slug}/{agent}", Convert.FromBase64String(trigger.GetProperty("secret").GetString()!["whsec_".Length..]));
    }

    /// <summary>A program with a key that lives until then.</summary>
    /// <param name="address">Of a server that lives.</param>
    public async Task<HttpClient> Key(Uri address, DateTimeOffset expiresAt)
    {
        var made = await Read(await Http.PostAsJsonAsync(new Uri(address, "/v1/api-keys"), new { name = "prove", scopes = new[] { "runs:read" }, expires_at = expiresAt }));
        var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made.GetProperty("key").GetString());
        return http;
    }

    public void Dispose() => Http.Dispose();

    static async Task<JsonElement> Read(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            return answer.IsSuccessStatusCode
                ? JsonDocument.Parse(text).RootElement
                : throw new InvalidOperationException($"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode} {text}");
        }
    }
}
