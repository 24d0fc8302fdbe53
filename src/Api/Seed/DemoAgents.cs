using System.Text.Json;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Infrastructure.Agents.Definitions;

namespace AgentPlatform.Api.Seed;

/// <summary>The agents of <c>db/seed</c>: a definition and a sample delivery each, embedded.</summary>
static class DemoAgents
{
    /// <summary>Slug, path of the webhook, signature.</summary>
    static readonly (string Slug, string Path, string Signature)[] Webhooks =
    [
        ("triage-issue", "github-issues", "github"),
        ("route-lead", "leads", "standard"),
        ("summarise-feed", "feed", "standard"),
    ];

    public static IReadOnlyList<DemoAgent> All() => [.. Webhooks.Select(webhook => new DemoAgent(webhook.Slug, Definition(webhook.Slug), webhook.Path, webhook.Signature))];

    /// <summary>A delivery that the agent's webhook takes, on one line.</summary>
    public static string Sample(string slug)
    {
        using var sample = JsonDocument.Parse(Read($"db/seed/samples/{slug}.json"));
        return JsonSerializer.Serialize(sample.RootElement);
    }

    // The same reader as for what users send.
    static JsonElement Definition(string slug) => DefinitionText.Read(Read($"db/seed/agents/{slug}.yaml"), DefinitionText.Yaml).Value;

    static byte[] Read(string name)
    {
        using var stream = typeof(DemoAgents).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
