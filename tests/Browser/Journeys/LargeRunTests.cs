using System.Diagnostics;
using AgentPlatform.Browser.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AgentPlatform.Browser.Journeys;

public sealed class LargeRunTests : BrowserTest
{
    const int Steps = 5_000;

    [Test]
    public async Task A_run_of_five_thousand_steps_opens_at_once_and_shows_the_last_of_them()
    {
        var tenant = await Site.NewTenant();
        await tenant.Define("many", Samples.ForEach);
        var run = await tenant.StartUntil("succeeded", "many", new { items = Enumerable.Range(0, Steps - 1) });
        var visitor = await Visit(tenant.Owner);
        var screen = (await visitor.Goes("/runs")).Screen;
        await Expect(screen.Link($"Many {run[^8..]}")).ToBeVisibleAsync();

        var watch = Stopwatch.StartNew();
        await visitor.Goes($"/runs/{run}?view=table");
        var steps = screen.Region("Steps").GetByRole(AriaRole.Button);
        await Expect(steps.First).ToBeVisibleAsync();
        var first = watch.Elapsed;
        // The virtual list is as high as all of its rows.
        await Expect(screen.Region("Steps").Locator("> div")).ToHaveCSSAsync("height", $"{Steps * 36}px");
        TestContext.Out.WriteLine($"A run of {Steps} steps: its first steps after {first.TotalMilliseconds:F0} ms, all of them after {watch.Elapsed.TotalMilliseconds:F0} ms.");

        Assert.That(await steps.CountAsync(), Is.LessThan(100));
        await screen.Region("Steps").EvaluateAsync("list => { list.scrollTop = list.scrollHeight }");
        await Expect(steps.Filter(new LocatorFilterOptions { HasText = $"each[{Steps - 2}].double" })).ToBeVisibleAsync();
    }
}
