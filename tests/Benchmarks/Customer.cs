using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace AgentPlatform.Benchmarks;

/// <summary>Signs up, makes the agent of the benchmark and its webhook, by the API like anybody.</summary>
static class Customer
{
    const string Agent = """
        slug: three-pure-steps
        name: Three pure steps
        graph:
          nodes:
            - id: read
              skill: transform
              with: { id: "=input.id", title: "=input.title", amount: "=input.amount", user: "=input.user.name" }
            - id: judge
              skill: transform
              with: { urgent: "=read.amount > `100`", label: "{{read.user}}: {{read.title}}" }
            - id: answer
              skill: transform
              with: { id: "=read.id", text: "=judge.label", urgent: "=judge.urgent" }
          edges:
            - { from: read, to: judge }
            - { from: judge, to: answer }
          output: { id: "=answer.id", text: "=answer.text", urgent: "=answer.urgent" }
        """;

    public static async Task<(Target Target, Guid Tenant)> Prepare(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        var slug = $"bench-{Guid.CreateVersion7():n}"[..30];
        var signedUp = await Post(http, "/v1/signup", new { email = $"{slug}@bench.example", password = "a long benchmark password", name = "Bench", tenant = new { name = "Bench", slug } });
        http.DefaultRequestHeaders.Add("X-CSRF-Token", signedUp.GetProperty("csrf_token").GetString());
        using var yaml = new StringContent(Agent, Encoding.UTF8, "application/yaml");
        using var made = await http.PutAsync("/v1/agents/three-pure-steps/definition", yaml);
        made.EnsureSuccessStatusCode();
        var trigger = await Post(http, "/v1/agents/three-pure-steps/triggers", new { name = "bench", kind = "webhook", path = "bench" });
        var key = Convert.FromBase64String(trigger.GetProperty("secret").GetString()!["whsec_".Length..]);
        return (new Target(address, $"/hooks/{slug}/bench", key), signedUp.GetProperty("tenant").GetProperty("id").GetGuid());
    }

    static async Task<JsonElement> Post(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode} {text}");
    }
}
