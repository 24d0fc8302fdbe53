using AgentPlatform.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentPlatform.Browser.Pages;

/// <summary>What opens over a page is as fit as the page itself.</summary>
public sealed class DialogTests : BrowserTest
{
    static readonly Look[] Sizes = [Look.DarkDesktop, Look.LightPhone];

    /// <summary>Where it opens, and what one presses for it, one after the other: buttons, then a menu's item.</summary>
    static readonly (string Name, string Path, string[] Presses)[] Dialogs =
    [
        ("create-agent", "/agents", ["New agent"]),
        ("run-agent", "/agents/route-lead", ["Run"]),
        ("clone-agent", "/agents/route-lead", ["More actions", "Clone"]),
        ("trigger", "/agents/route-lead/triggers", ["New trigger"]),
        ("delete-agent", "/agents/route-lead/settings", ["Delete this agent"]),
        ("publish", "/agents/summarise-feed/edit", ["Publish"]),
        ("test-run", "/agents/route-lead/edit", ["Run all"]),
        ("cancel-run", "/runs/{waiting}", ["Cancel"]),
        ("replay", "/runs/{succeeded}", ["Replay"]),
        ("rate-run", "/runs/{succeeded}", ["Rate"]),
        ("edit-output", "/runs/{succeeded}?step=score", ["Edit the output"]),
        ("bulk-replay", "/runs?status=failed", ["All of these", "Replay all that fit the filter"]),
        ("template", "/gallery?template=daily-digest", []),
        ("create-skill", "/skills", ["New skill"]),
        ("credential", "/credentials?add=true", []),
        ("credential-test", "/credentials", ["Actions for mail-api", "Test"]),
        ("credential-uses", "/credentials", ["Actions for mail-api", "Where it is used"]),
        ("credential-secret", "/credentials", ["Actions for mail-api", "New secret"]),
        ("import", "/integrations?import=true", []),
        ("add-server", "/mcp-servers", ["Add a server"]),
        ("configure-server", "/mcp-servers/weather", ["Configure"]),
        ("budget", "/usage", ["New budget"]),
        ("rename-conversation", "/chat/{conversation}", ["More for A plan for the launch", "Rename"]),
        ("delete-conversation", "/chat/{conversation}", ["More for A plan for the launch", "Delete"]),
        ("rate-answer", "/chat/{conversation}", ["Rate this answer"]),
        ("interaction", "/interactions", ["Write one down"]),
        ("invite", "/settings/members", ["Invite somebody"]),
        ("create-team", "/settings/teams", ["New team"]),
        ("create-key", "/settings/keys", ["New key"]),
    ];

    [TestCaseSource(nameof(Sizes))]
    public async Task Every_dialog_is_fit_for_everybody(Look look)
    {
        var world = await Furnished.Shared();
        var visitor = await Visit(world.Tenant.Owner, look);
        var found = new List<string>();
        foreach (var (name, path, presses) in Dialogs)
        {
            try
            {
                await Open(visitor, world.Filled(path), presses);
                found.AddRange(await visitor.See($"dialog-{name}", look, isDialog: true));
            }
            catch (PlaywrightException e)
            {
                found.Add($"{name} {look.Name}: {e.Message}");
            }
        }

        Assert.That(found, Is.Empty);
    }

    [TestCaseSource(nameof(Sizes))]
    public async Task What_goes_anywhere_is_fit_for_everybody(Look look)
    {
        var world = await Furnished.Shared();
        var visitor = await Visit(world.Tenant.Owner, look);
        await visitor.Goes("/");
        await Expect(visitor.Screen.Heading("Home")).ToBeVisibleAsync();

        await visitor.Page.Keyboard.PressAsync("?");
        await Expect(visitor.Screen.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        var found = await visitor.See("dialog-keys", look, isDialog: true);
        await visitor.Page.Keyboard.PressAsync("Escape");
        await visitor.Page.Keyboard.PressAsync("Control+k");
        var palette = visitor.Screen.GetByRole(AriaRole.Dialog);
        await Expect(palette.GetByRole(AriaRole.Textbox)).ToBeFocusedAsync();
        await visitor.Page.Keyboard.TypeAsync("lead");
        await Expect(palette.GetByText("Enrich and route a lead")).ToBeVisibleAsync();
        Assert.That(found.Concat(await visitor.See("dialog-palette", look, isDialog: true)), Is.Empty);
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Screen.Heading("Enrich and route a lead")).ToBeVisibleAsync();
    }

    static async Task Open(Visitor visitor, string path, string[] presses)
    {
        await visitor.Goes(path);
        foreach (var press in presses)
        {
            await visitor.Screen.Button(press).Or(visitor.Screen.MenuItem(press)).First.ClickAsync();
        }

        await Expect(visitor.Screen.GetByRole(AriaRole.Dialog).First).ToBeVisibleAsync();
    }
}
