using AgentPlatform.Browser.Support;
using Microsoft.Playwright;

namespace AgentPlatform.Browser.Pages;

/// <summary>Every page of the web app, large and small, light and dark: fit for everybody, and kept as a picture.</summary>
public sealed class PageTests : BrowserTest
{
    static readonly Look[] Sizes = [Support.Look.LightDesktop, Support.Look.LightPhone];

    /// <summary>What somebody who is signed in can go to. <c>{…}</c> is the id of something that is there.</summary>
    static readonly (string Name, string Path)[] Inside =
    [
        ("home", "/"),
        ("agents", "/agents"),
        ("agents-none", "/agents?q=nothing-of-that-name"),
        ("agent", "/agents/route-lead"),
        ("agent-versions", "/agents/route-lead/versions"),
        ("agent-triggers", "/agents/route-lead/triggers"),
        ("agent-settings", "/agents/route-lead/settings"),
        ("builder", "/agents/route-lead/edit?node=score"),
        ("diff", "/agents/route-lead/diff/1.0.0/1.1.0"),
        ("runs", "/runs"),
        ("run-graph", "/runs/{succeeded}?step=score"),
        ("run-timeline", "/runs/{succeeded}?view=timeline"),
        ("run-steps", "/runs/{succeeded}?view=table"),
        ("run-failed", "/runs/{failed}?step=refuse"),
        ("run-waiting", "/runs/{waiting}"),
        ("approvals", "/approvals"),
        ("chat", "/chat"),
        ("chat-begin", "/chat?begin=true&agent=assistant"),
        ("conversation", "/chat/{conversation}"),
        ("conversation-replaced", "/chat/{replaced}?replaced=true"),
        ("interactions", "/interactions"),
        ("gallery", "/gallery"),
        ("skills", "/skills"),
        ("skill", "/skills/slugify"),
        ("integrations", "/integrations"),
        ("models", "/models"),
        ("credentials", "/credentials"),
        ("mcp-servers", "/mcp-servers"),
        ("mcp-server", "/mcp-servers/weather"),
        ("usage", "/usage"),
        ("ledger", "/usage/ledger"),
        ("members", "/settings/members"),
        ("teams", "/settings/teams"),
        ("roles", "/settings/roles"),
        ("keys", "/settings/keys"),
        ("audit", "/settings/audit"),
        ("tenant", "/settings/tenant"),
        ("account", "/account"),
        ("nothing", "/nothing-here"),
    ];

    static readonly (string Name, string Path)[] Outside = [("login", "/login"), ("signup", "/signup"), ("invitation", "/invite/{invitation}")];

    [TestCaseSource(nameof(Sizes))]
    public async Task Every_page_is_fit_for_everybody(Look look)
    {
        var world = await Furnished.Shared();
        var visitor = await Visit(world.Tenant.Owner, look);
        visitor.Expects("404 (Not Found) /nothing-here");
        Assert.That(await Look(visitor, look, world, Inside), Is.Empty);
    }

    [TestCaseSource(nameof(Sizes))]
    public async Task So_is_every_page_of_who_is_not_signed_in(Look look) => Assert.That(await Look(await Visit(look: look), look, await Furnished.Shared(), Outside), Is.Empty);

    /// <summary>One after the other in one browser, which has what they share already; one that does not come keeps none of the others from being seen.</summary>
    static async Task<IReadOnlyList<string>> Look(Visitor visitor, Look look, Furnished world, IEnumerable<(string Name, string Path)> places)
    {
        var found = new List<string>();
        foreach (var (name, path) in places)
        {
            try
            {
                await visitor.Goes(world.Filled(path));
                found.AddRange(await visitor.See(name, look));
            }
            catch (PlaywrightException e)
            {
                found.Add($"{name} {look.Name}: {e.Message}");
            }
        }

        return found;
    }
}
