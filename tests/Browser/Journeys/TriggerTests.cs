using AgentPlatform.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentPlatform.Browser.Journeys;

public sealed class TriggerTests : BrowserTest
{
    [Test]
    public async Task A_schedule_says_in_words_when_it_runs_and_stands_on_the_start_page()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("echo", Samples.Echo("Echo"));
        await tenant.StartUntil("succeeded", "echo", new { text = "x" });
        var visitor = await Visit(tenant.Owner);
        var screen = (await visitor.Goes("/agents/echo")).Screen;

        await screen.Tab("Triggers").ClickAsync();
        await screen.Button("New trigger").ClickAsync();
        var dialog = screen.Dialog("New trigger");
        await dialog.Field("Name").FillAsync("Every Monday");
        await dialog.Field("When").FillAsync("30 7 * * 1");
        await Expect(dialog.GetByText("At 07:30, only on Monday")).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(10);
        await dialog.Button("New trigger").ClickAsync();

        var trigger = screen.GetByRole(AriaRole.Article, new LocatorGetByRoleOptions { Name = "Every Monday" });
        await Expect(trigger).ToContainTextAsync("At 07:30, only on Monday");
        await visitor.Goes("/");
        await Expect(screen.GetByText("Every Monday")).ToBeVisibleAsync();
    }

    [Test]
    public async Task A_webhook_shows_its_secret_once_and_takes_a_test_delivery()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("echo", Samples.Echo("Echo"));
        var visitor = await Visit(tenant.Owner);
        var screen = (await visitor.Goes("/agents/echo/triggers")).Screen;

        await screen.Button("New trigger").ClickAsync();
        var dialog = screen.Dialog("New trigger");
        await dialog.GetByText("Webhook", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await dialog.Field("Name").FillAsync("Shop");
        await dialog.Button("New trigger").ClickAsync();
        var made = screen.Dialog("Webhook made");
        await Expect(made).ToContainTextAsync("whsec_");
        await made.Button("Send a test").ClickAsync();
        var test = screen.Dialog("Send a test delivery");
        await test.Button("Send").ClickAsync();
        await Expect(test).ToContainTextAsync("Accepted: a run has begun.");

        await test.Button("Close").ClickAsync();
        await made.Button("I have copied it").ClickAsync();
        await Expect(screen.GetByRole(AriaRole.Article, new LocatorGetByRoleOptions { Name = "Shop" })).ToBeVisibleAsync();
        await Expect(screen).Not.ToContainTextAsync("whsec_");
    }
}
