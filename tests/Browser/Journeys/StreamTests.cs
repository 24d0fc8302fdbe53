using AgentPlatform.Browser.Support;
using static Microsoft.Playwright.Assertions;

namespace AgentPlatform.Browser.Journeys;

public sealed class StreamTests : BrowserTest
{
    [Test]
    public async Task A_stream_that_breaks_says_so_goes_on_and_has_lost_nothing()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("patience", Samples.Waiting("first", "second", "third"));
        var run = await tenant.StartUntil("waiting", "patience");
        await using var line = new Line(tenant.App.Address);
        var visitor = await Visit(tenant.Owner, by: line.Address);
        visitor.Expects("net::ERR_");
        var screen = (await visitor.Goes($"/runs/{run}")).Screen;
        var graph = screen.Region("Graph");
        await Expect(screen.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await tenant.Signal(run, "first");
        await Expect(graph.Node("first")).ToContainTextAsync("succeeded");

        line.Cut();
        await Expect(screen.GetByText("Connection lost. Going on where it broke off…")).ToBeVisibleAsync();
        await tenant.Signal(run, "second");
        await Expect(graph.Node("second")).Not.ToContainTextAsync("succeeded");

        line.Restore();
        await Expect(graph.Node("second")).ToContainTextAsync("succeeded");
        await Expect(screen.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await tenant.Signal(run, "third");
        await Expect(graph.Node("done")).ToContainTextAsync("succeeded");
        await Expect(screen.Button("Replay")).ToBeVisibleAsync();
    }
}
