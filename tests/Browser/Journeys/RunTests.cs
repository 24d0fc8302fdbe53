using AgentPlatform.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentPlatform.Browser.Journeys;

public sealed class RunTests : BrowserTest
{
    [Test]
    public async Task An_agent_is_run_by_hand_and_shows_what_came_out()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("echo", Samples.Echo("Echo"));
        var screen = (await (await Visit(tenant.Owner)).Goes("/agents/echo")).Screen;

        await screen.Button("Run").ClickAsync();
        var dialog = screen.Dialog("Run Echo");
        await dialog.Field("Input").Rewrite("""{ "text": "good morning" }""");
        await dialog.Button("Start").ClickAsync();

        await Expect(screen.Heading("Run of Echo")).ToBeVisibleAsync();
        await Expect(screen.Region("Output")).ToContainTextAsync("good morning");
        await Expect(screen.Region("Graph").Node("echo")).ToContainTextAsync("succeeded");
        await screen.Region("Graph").Node("echo").ClickAsync();
        await Expect(screen.GetByLabel("Step", new() { Exact = true }).Region("echo: Output")).ToContainTextAsync("good morning");
    }

    [Test]
    public async Task A_run_is_seen_going_on_without_a_reload_in_its_page_and_in_the_list()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("patience", Samples.Waiting("first", "second"));
        var list = (await (await Visit(tenant.Owner)).Goes("/runs")).Screen;
        await Expect(list.Heading("No runs yet")).ToBeVisibleAsync();
        await Expect(list.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();

        var run = await tenant.StartUntil("waiting", "patience");
        var screen = (await (await Visit(tenant.Owner)).Goes($"/runs/{run}")).Screen;
        var graph = screen.Region("Graph");
        await Expect(list.Link($"Patience {run[^8..]}")).ToBeVisibleAsync();
        await Expect(screen.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();

        await tenant.Signal(run, "first");
        await Expect(graph.Node("first")).ToContainTextAsync("succeeded");
        await Expect(graph.Node("done")).Not.ToContainTextAsync("succeeded");
        await tenant.Signal(run, "second");
        await Expect(graph.Node("done")).ToContainTextAsync("succeeded");
        await Expect(screen.Button("Replay")).ToBeVisibleAsync();
        await Expect(list.Region("Runs")).ToContainTextAsync("succeeded");
    }

    [Test]
    public async Task A_person_decides_what_a_run_waits_for()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("refund", Samples.Approval);
        var run = await tenant.StartUntil("waiting", "refund", new { amount = 12 });
        var visitor = await Visit(tenant.Owner, Look.LightPhone);
        var screen = (await visitor.Goes($"/runs/{run}")).Screen;

        await screen.Link("Decide").ClickAsync();
        var question = screen.GetByRole(AriaRole.Article, new() { Name = "Refund 12 EUR" });
        await question.Field("Comment").FillAsync("He waited long enough.");
        await question.Button("Approve").ClickAsync();
        await Expect(screen.Heading("Nothing waits")).ToBeVisibleAsync();

        await visitor.Goes($"/runs/{run}");
        await Expect(screen.Region("Output")).ToContainTextAsync("He waited long enough.");
    }

    [Test]
    public async Task A_run_that_is_no_longer_wanted_is_cancelled_after_a_question()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("patience", Samples.Waiting("never"));
        var run = await tenant.StartUntil("waiting", "patience");
        var screen = (await (await Visit(tenant.Owner)).Goes($"/runs/{run}")).Screen;

        await screen.Button("Cancel").ClickAsync();
        await screen.Dialog("Cancel the run").Button("Cancel the run").ClickAsync();

        await Expect(screen.GetByText("canceled", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(screen.Button("Replay")).ToBeVisibleAsync();
    }
}
