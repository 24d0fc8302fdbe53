using AgentPlatform.Browser.Support;
using AgentPlatform.Integration.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentPlatform.Browser.Journeys;

/// <summary>What people do when something went wrong. The order's text is read from the wrong member.</summary>
public sealed class MendTests : BrowserTest
{
    [Test]
    public async Task A_failure_is_found_on_the_start_page_and_explained_at_its_step()
    {
        var (tenant, run) = await Failed();
        var screen = (await (await Visit(tenant.Owner)).Goes("/")).Screen;
        await Expect(screen.Heading("What failed")).ToBeVisibleAsync();
        await screen.Link("Order").ClickAsync();

        await Expect(screen.Heading("Run of Order")).ToBeVisibleAsync();
        await Expect(screen.GetByRole(AriaRole.Alert)).ToContainTextAsync("JSON");
        await Expect(screen.Region("Graph").Node("parse")).ToContainTextAsync("failed");
        await Expect(screen.Region("Graph").Node("receipt")).ToContainTextAsync("skipped");
        await screen.Link("Step: parse").ClickAsync();
        var step = Step(screen);
        await Expect(step.Heading("parse")).ToBeVisibleAsync();
        await Expect(step).ToContainTextAsync("The text is no JSON");
        Assert.That(screen.Page.Url, Does.EndWith($"/runs/{run}?step=parse"));
    }

    [Test]
    public async Task What_failed_is_put_right_in_the_builder_where_its_step_leads()
    {
        var (tenant, run) = await Failed();
        var screen = (await (await Visit(tenant.Owner)).Goes($"/runs/{run}?step=parse")).Screen;

        await Step(screen).Link("Open in the builder").ClickAsync();
        var inspector = screen.GetByLabel("Node", new LocatorGetByLabelOptions { Exact = true });
        await Expect(inspector.Heading("parse")).ToBeVisibleAsync();
        await inspector.Field("value").Rewrite("=order.amount");
        await inspector.Field("value").BlurAsync();
        await screen.Button("Publish").ClickAsync();
        await screen.Dialog("Publish a new version").Button("Publish").ClickAsync();
        await Expect(screen.GetByText("published 1.1.0")).ToBeVisibleAsync();

        await screen.Link("Back to the agent").ClickAsync();
        await screen.Button("Run").ClickAsync();
        await screen.Dialog("Run Order").Button("Start").ClickAsync();
        await Expect(screen.Region("Output")).ToContainTextAsync("42");
    }

    [Test]
    public async Task A_fork_from_the_failed_step_takes_over_what_went_well_and_runs_the_mended_version()
    {
        var (tenant, run) = await Failed();
        await tenant.Define("order", Samples.Order("amount"));
        var screen = (await (await Visit(tenant.Owner)).Goes($"/runs/{run}?step=parse")).Screen;

        await Step(screen).Button("Fork from here").ClickAsync();
        var dialog = screen.Dialog("Run again from parse");
        await dialog.GetByText("the latest version").ClickAsync();
        await Expect(dialog.GetByText("1 step is taken over, 2 nodes run anew")).ToBeVisibleAsync();
        await dialog.Button("Start the new run").ClickAsync();

        await Expect(screen.GetByText("Replay of")).ToBeVisibleAsync();
        await Expect(screen.Region("Output")).ToContainTextAsync("42");
        await screen.Region("Graph").Node("order").ClickAsync();
        await Expect(Step(screen).GetByText("taken over")).ToBeVisibleAsync();
    }

    static ILocator Step(ILocator screen) => screen.GetByRole(AriaRole.Complementary, new LocatorGetByRoleOptions { Name = "Step", Exact = true });

    static async Task<(TestTenant Tenant, string Run)> Failed()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("order", Samples.Order("ammount"));
        return (tenant, await tenant.StartUntil("failed", "order"));
    }
}
