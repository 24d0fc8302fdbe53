using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace AgentPlatform.Benchmarks;

/// <summary>Signs up, makes agents and their webhooks, by the API like anybody.</summary>
static class Customer
{
    public const string ThreePureSteps = """
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

    /// <summary>Not pure: it is queued, leased, begun and ended like a run that calls out, only that the world outside takes no time.</summary>
    public const string ThreeStepsAndAPause = """
        slug: three-steps-and-a-pause
        name: Three steps and a pause
        graph:
          nodes:
            - id: read
              skill: transform
              with: { id: "=input.id", title: "=input.title", amount: "=input.amount", user: "=input.user.name" }
            - id: pause
              skill: wait
              with: { for: 0 }
            - id: answer
              skill: transform
              with: { id: "=read.id", text: "{{read.user}}: {{read.title}}", urgent: "=read.amount > `100`" }
          edges:
            - { from: read, to: pause }
            - { from: pause, to: answer }
          output: { id: "=answer.id", text: "=answer.text", urgent: "=answer.urgent" }
        """;

    /// <summary>An agent that is queued, begun and ended, and its tenant.</summary>
    public static async Task<(Target Target, Guid Tenant)> PrepareBegun(Uri address)
    {
        var (targets, tenant) = await Prepare(address, [("three-steps-and-a-pause", ThreeStepsAndAPause)]);
        return (targets[0], tenant);
    }

    /// <summary>The agent of the benchmark.</summary>
    public static async Task<(Target Target, Guid Tenant)> Prepare(Uri address)
    {
        var (targets, tenant) = await Prepare(address, [("three-pure-steps", ThreePureSteps)]);
        return (targets[0], tenant);
    }

    /// <param name="agents">Slug and definition of each.</param>
    /// <param name="vendor">Where models of OpenAI are to be had.</param>
    /// <returns>The agents' webhooks, in the same order.</returns>
    public static async Task<(IReadOnlyList<Target> Targets, Guid Tenant)> Prepare(Uri address, IReadOnlyList<(string Slug, string Yaml)> agents, Uri? vendor = null)
    {
        var (http, slug, id) = await SignUp(address);
        using var signedIn = http;
        if (vendor is not null)
        {
            await Post(http, "/v1/credentials", new { name = "vendor", vendor = "openai", secret = new { api_key = $"bench-{slug}", base_url = vendor.ToString() }, allowed_hosts = new[] { vendor.Host } });

            // More than will be spent: what counts is that money is set aside for every call, and nothing of it is left over.
            await Post(http, "/v1/budgets", new { name = "bench", scope = "tenant", limit_micros = 1_000_000_000_000 });
        }

        var targets = new List<Target>();
        foreach (var (agent, definition) in agents)
        {
            using var yaml = new StringContent(definition, Encoding.UTF8, "application/yaml");
            using var made = await http.PutAsync($"/v1/agents/{agent}/definition", yaml);
            if (!made.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{agent} was answered with {(int)made.StatusCode} {await made.Content.ReadAsStringAsync()}");
            }

            var trigger = await Post(http, $"/v1/agents/{agent}/triggers", new { name = "bench", kind = "webhook", path = agent });
            targets.Add(new Target(address, $"/hooks/{slug}/{agent}", Convert.FromBase64String(trigger.GetProperty("secret").GetString()!["whsec_".Length..])));
        }

        return (targets, id);
    }

    /// <summary>A tenant of its own, its owner signed in.</summary>
    public static async Task<(HttpClient Http, string Slug, Guid Id)> SignUp(Uri address)
    {
        var http = new HttpClient { BaseAddress = address };
        var slug = $"bench-{Guid.CreateVersion7():n}"[..30];
        var signedUp = await Post(http, "/v1/signup", new { email = $"{slug}@bench.example", password = "a long benchmark password", name = "Bench", tenant = new { name = "Bench", slug } });
        http.DefaultRequestHeaders.Add("X-CSRF-Token", signedUp.GetProperty("csrf_token").GetString());
        return (http, slug, signedUp.GetProperty("tenant").GetProperty("id").GetGuid());
    }

    /// <summary>A tenant with a key for a vendor, which is at that address.</summary>
    public static async Task<Guid> PrepareKey(Uri address, string vendor, string url, string key)
    {
        var (http, slug, id) = await SignUp(address);
        using var signedIn = http;
        await Post(http, "/v1/credentials", new { name = vendor, vendor, secret = new { api_key = key, base_url = url } });
        return id;
    }

    public static async Task<JsonElement> Post(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode} {text}");
    }
}
