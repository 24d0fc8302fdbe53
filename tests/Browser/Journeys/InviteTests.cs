using AgentPlatform.Browser.Support;
using AgentPlatform.Integration.Support;
using static Microsoft.Playwright.Assertions;

namespace AgentPlatform.Browser.Journeys;

public sealed class InviteTests : BrowserTest
{
    [Test]
    public async Task An_invited_viewer_sees_what_runs_and_may_change_nothing()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("echo", Samples.Echo("Echo"));
        var run = await tenant.StartUntil("succeeded", "echo", new { text = "seen" });
        var owner = (await (await Visit(tenant.Owner)).Goes("/settings/members")).Screen;
        await owner.Button("Invite somebody").ClickAsync();
        var dialog = owner.Dialog("Invite somebody");
        await dialog.Field("E-mail").FillAsync($"vera@{tenant.Slug}.example");
        await dialog.Field("Role").First.ClickAsync();
        await owner.Choice("viewer").ClickAsync();
        await dialog.Button("Invite somebody").ClickAsync();
        var link = await owner.Dialog("Invitation made").GetByText("/invite/").InnerTextAsync();

        var viewer = await Visit();
        var screen = (await viewer.Goes(new Uri(link).AbsolutePath)).Screen;
        await screen.Field("Your name").FillAsync("Vera Viewer");
        await screen.Field("Password").FillAsync(TestPerson.Password);
        await screen.Button("Join").ClickAsync();
        await Expect(screen.Heading("Home")).ToBeVisibleAsync();

        await viewer.Goes($"/runs/{run}");
        await Expect(screen.Region("Output")).ToContainTextAsync("seen");
        await Expect(screen.Button("Replay")).ToHaveCountAsync(0);
        await viewer.Goes("/agents/echo");
        await Expect(screen.Heading("Echo")).ToBeVisibleAsync();
        await Expect(screen.Button("Run")).ToHaveCountAsync(0);
        await screen.Link("Open the builder").ClickAsync();
        await Expect(screen.GetByText("Your role lets you look, not change.")).ToBeVisibleAsync();
        await Expect(screen.Region("Skills")).ToHaveCountAsync(0);
        await Expect(screen.Button("Publish")).ToHaveCountAsync(0);

        await owner.Dialog("Invitation made").Button("I have copied it").ClickAsync();
        await owner.Page.ReloadAsync();
        await Expect(owner.Region("Members")).ToContainTextAsync("Vera Viewer");
    }
}
