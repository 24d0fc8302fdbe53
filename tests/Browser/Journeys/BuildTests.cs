using AgentPlatform.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentPlatform.Browser.Journeys;

public sealed class BuildTests : BrowserTest
{
    [Test]
    public async Task An_agent_is_built_by_dragging_connected_filled_in_and_published()
    {
        var tenant = await Site.NewTenant();
        var screen = (await (await Visit(tenant.Owner)).Goes("/agents")).Screen;
        await screen.Button("New agent").ClickAsync();
        var dialog = screen.Dialog("New agent");
        await dialog.Field("Name").FillAsync("Fingerprint");
        await dialog.Button("New agent").ClickAsync();
        await Expect(screen.Heading("Fingerprint")).ToBeVisibleAsync();
        await screen.Link("Open the builder").ClickAsync();

        var canvas = screen.Region(Builder.Canvas);
        await screen.Region("Skills").Field("Search skills").FillAsync("hash");
        await screen.Region("Skills").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { NameString = "Hash" }).First.DragToAsync(canvas, new LocatorDragToOptions { TargetPosition = new TargetPosition { X = 330, Y = 90 } });
        await Expect(canvas.Node("hash")).ToBeVisibleAsync();

        await canvas.Node("start").Locator(".source").DragToAsync(canvas.Node("hash").Locator(".target"));
        await Expect(canvas.GetByLabel("start → hash")).ToBeAttachedAsync();
        await canvas.Node("hash").ClickAsync();
        var inspector = screen.GetByLabel("Node", new LocatorGetByLabelOptions { Exact = true });
        await inspector.Field("value").Rewrite("=start.received");
        await inspector.Field("value").BlurAsync();
        await Expect(screen.Button("No problems")).ToBeVisibleAsync();

        await screen.Button("Publish").ClickAsync();
        await screen.Dialog("Publish a new version").Field("What changed").FillAsync("Hashes what comes in.");
        await screen.Dialog("Publish a new version").Button("Publish").ClickAsync();
        await Expect(screen.GetByText("published 1.1.0")).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_graph_is_built_with_the_keyboard_alone_and_taken_back()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("words", Samples.Echo("Words"));
        var screen = (await (await Visit(tenant.Owner)).Goes("/agents/words/edit")).Screen;
        var canvas = screen.Region(Builder.Canvas);

        await canvas.Node("echo").PressAsync("Enter");
        await screen.Region("Skills").Field("Search skills").FillAsync("hash");
        await screen.Region("Skills").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { NameString = "Hash" }).First.PressAsync("Enter");
        await Expect(canvas.Node("hash")).ToBeVisibleAsync();
        await Expect(canvas.GetByLabel("echo → hash")).ToBeAttachedAsync();

        await screen.Button("Undo").PressAsync("Enter");
        await Expect(canvas.Node("hash")).ToHaveCountAsync(0);
        await screen.Button("Redo").PressAsync("Enter");
        await Expect(canvas.Node("hash")).ToBeVisibleAsync();
    }
}
