using System.Globalization;
using AgentPlatform.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentPlatform.Browser.Journeys;

public sealed class ChatTests : BrowserTest
{
    [Test]
    public async Task Somebody_asks_an_agent_with_a_file_sees_what_it_did_and_rates_its_answer()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("assistant", Samples.Assistant);
        var screen = (await (await Visit(tenant.Owner)).Goes("/agents/assistant")).Screen;

        await screen.Link("Talk").ClickAsync();
        await screen.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "orders.csv", MimeType = "text/csv", Buffer = "day,orders\n1,12\n"u8.ToArray() });
        await Expect(screen.Button("Leave out orders.csv")).ToBeVisibleAsync();
        await screen.Field("Write to Assistant").FillAsync("""call: date {"op":"add","value":"2026-03-01","amount":{"days":30}}""" + "\nanswer: It is the **31st** of March.");
        await screen.Button("Send").ClickAsync();

        var log = screen.Region("Messages");
        await Expect(log.GetByText("It is the 31st of March.")).ToBeVisibleAsync();
        await Expect(log.Link("orders.csv")).ToBeVisibleAsync();
        await log.Button("Rate this answer").ClickAsync();
        var dialog = screen.Dialog("Rate this answer");
        await dialog.GetByRole(AriaRole.Group, new LocatorGetByRoleOptions { Name = "How useful was it?" }).GetByLabel("4 of 5").PressAsync("Space");
        await dialog.Button("Save the rating").ClickAsync();
        await Expect(log.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Rate this answer", Pressed = true })).ToBeVisibleAsync();

        var tools = log.GetByRole(AriaRole.Group, new LocatorGetByRoleOptions { Name = "Tools it used" });
        await Expect(tools).ToContainTextAsync("succeeded");
        await tools.GetByText("date", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(tools.GetByText("2026-03-31")).ToBeVisibleAsync();
    }

    [Test]
    public async Task An_answer_is_watched_word_by_word_stopped_and_asked_for_in_other_words()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("assistant", Samples.Assistant);
        var visitor = await Visit(tenant.Owner);
        var screen = (await visitor.Goes("/chat?begin=true&agent=assistant")).Screen;
        var log = screen.Region("Messages");

        // Half a minute of words: the first are seen long before there is a last.
        await screen.Field("Write to Assistant").FillAsync($"answer: {string.Join(' ', Enumerable.Range(1, 300).Select(n => string.Create(CultureInfo.InvariantCulture, $"w{n}")))}");
        await screen.Button("Send").ClickAsync();
        await Expect(log).ToContainTextAsync("w1 w2 w3");
        Assert.That(await visitor.Page.Violations(onlyColours: false), Is.Empty);
        await screen.Button("Stop the answer").ClickAsync();
        await Expect(log.GetByText("Stopped.")).ToBeVisibleAsync();
        await Expect(log.GetByRole(AriaRole.Article).Last).Not.ToContainTextAsync("w300");

        await log.Button("Edit and send again").ClickAsync();
        await log.Field("Edit and send again").FillAsync("answer: In short.");
        await log.Button("Send").ClickAsync();
        await Expect(log.GetByText("In short.", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await Expect(log.GetByText("Stopped.")).ToHaveCountAsync(0);

        await screen.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { NameString = "More for" }).Last.ClickAsync();
        await screen.MenuItem("Show what was replaced").ClickAsync();
        await Expect(log.GetByText("Stopped.")).ToBeVisibleAsync();
    }
}
