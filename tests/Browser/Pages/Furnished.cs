using System.Text.Json;
using AgentPlatform.Browser.Journeys;
using AgentPlatform.Browser.Support;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Browser.Pages;

/// <summary>A tenant in which something of everything is there, so that no page is looked at empty.</summary>
sealed record Furnished(TestTenant Tenant, IReadOnlyDictionary<string, string> Ids)
{
    static readonly Once<Furnished> One = new(Make);

    public static Task<Furnished> Shared() => One.Value();

    public string Filled(string path) => Ids.Aggregate(path, (filled, id) => filled.Replace($"{{{id.Key}}}", id.Value, StringComparison.Ordinal));

    static async Task<Furnished> Make()
    {
        var app = await Site.Running();
        var tenant = await app.Tenant("northwind");
        await tenant.Member("viewer");
        foreach (var slug in new[] { "route-lead", "triage-issue", "summarise-feed" })
        {
            await tenant.Define(slug, await Text($"db/seed/agents/{slug}.yaml"));
        }

        await tenant.Define("route-lead", (await Text("db/seed/agents/route-lead.yaml")).Replace("points: 40", "points: 45", StringComparison.Ordinal).Replace("semantic_version: 1.0.0", "semantic_version: 1.1.0", StringComparison.Ordinal));
        await tenant.Define("approve-reply", await Text("web/src/features/gallery/templates/approve-reply.yaml"));
        await tenant.Define("assistant", Samples.Assistant);
        await tenant.Define("planner", Talking.Planner);
        await Furnishing.Furnish(tenant);
        var invitation = await tenant.Make("/v1/invitations", new { email = "new@northwind.example", role = "developer" });
        var conversation = await Talking.Planned(tenant);
        var replaced = await Talking.Replaced(tenant);
        return new Furnished(tenant, new Dictionary<string, string>(await Runs(tenant), StringComparer.Ordinal)
        {
            ["invitation"] = invitation.GetProperty("token").GetString()!,
            ["conversation"] = conversation,
            ["replaced"] = replaced,
        });
    }

    static async Task<Dictionary<string, string>> Runs(TestTenant tenant)
    {
        var issue = new { number = 7, title = "Free crypto for everybody", body = "Click here", labels = Array.Empty<object>(), user = new { login = "bot" } };
        for (var n = 1; n <= 6; n++)
        {
            await tenant.Start("route-lead", new { email = $"kim{n}@customer.example", name = "Kim", company = "Customer Ltd", employees = n * 90, message = "We want a demo this quarter. What is the pricing?" });
        }

        return new()
        {
            ["succeeded"] = await tenant.StartUntil("succeeded", "route-lead", Sample("route-lead")),
            ["failed"] = await tenant.StartUntil("failed", "triage-issue", new { action = "opened", issue, repository = new { full_name = "northwind/shop" } }),
            ["waiting"] = await tenant.StartUntil("waiting", "approve-reply", new { from = "kim@customer.example", text = "Can I move my subscription?" }),
        };
    }

    static JsonElement Sample(string slug) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(Repository.Root, $"db/seed/samples/{slug}.json")));

    static Task<string> Text(string path) => File.ReadAllTextAsync(Path.Combine(Repository.Root, path));
}
