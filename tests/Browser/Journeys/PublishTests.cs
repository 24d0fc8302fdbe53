using AgentPlatform.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentPlatform.Browser.Journeys;

public sealed class PublishTests : BrowserTest
{
    [Test]
    public async Task A_draft_is_kept_by_itself_published_and_compared_with_what_was_before()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("words", Samples.Echo("Words"));
        var visitor = await Visit(tenant.Owner);
        var screen = (await visitor.Goes("/agents/words/edit?node=echo")).Screen;
        var said = screen.GetByLabel("Node", new LocatorGetByLabelOptions { Exact = true }).Field("said");

        await said.Rewrite("=upper(input.text)");
        await said.BlurAsync();
        await Expect(screen.GetByText("draft saved")).ToBeVisibleAsync();
        await visitor.Page.ReloadAsync();
        await Expect(said).ToContainTextAsync("=upper(input.text)");
        await screen.Button("Publish").ClickAsync();
        var dialog = screen.Dialog("Publish a new version");
        await dialog.Field("What changed").FillAsync("Says it louder.");
        await dialog.Button("Publish").ClickAsync();
        await Expect(screen.GetByText("published 1.1.0")).ToBeVisibleAsync();

        await screen.Link("Back to the agent").ClickAsync();
        await screen.Tab("Versions").ClickAsync();
        await Expect(screen.Region("Versions")).ToContainTextAsync("Says it louder.");
        await screen.Link("Compare 1.1.0 with the one before").ClickAsync();
        await Expect(screen.Heading("1.0.0 → 1.1.0")).ToBeVisibleAsync();
        await Expect(screen.Region("Both versions as one graph").GetByLabel("echo: changed")).ToBeVisibleAsync();
        var differences = screen.Region("Differences");
        await Expect(differences.Region("Before")).ToContainTextAsync("=input.text");
        await Expect(differences.Region("After")).ToContainTextAsync("=upper(input.text)");
    }

    [Test]
    public async Task Nodes_are_copied_out_of_one_agent_into_another()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("order", Samples.Order("amount"));
        await tenant.Define("words", Samples.Echo("Words"));
        var visitor = await Visit(tenant.Owner);
        var screen = (await visitor.Goes("/agents/order/edit")).Screen;
        var canvas = screen.Region(Builder.Canvas);
        await Expect(canvas.Node("receipt")).ToBeVisibleAsync();
        await canvas.Node("order").ClickAsync();

        await visitor.Page.Keyboard.PressAsync("Control+a");
        await visitor.Page.Keyboard.PressAsync("Control+c");
        await visitor.Goes("/agents/words/edit");
        await canvas.Node("echo").ClickAsync();
        await visitor.Page.Keyboard.PressAsync("Control+v");

        await Expect(canvas.Node("parse")).ToBeVisibleAsync();
        await Expect(canvas.GetByLabel("order → parse")).ToBeAttachedAsync();
        await Expect(canvas.GetByLabel("parse → receipt")).ToBeAttachedAsync();
        await Expect(canvas.Node("echo")).ToBeVisibleAsync();
        await Expect(screen.Button("No problems")).ToBeVisibleAsync();
        await Expect(screen.GetByText("draft saved")).ToBeVisibleAsync();
    }
}
