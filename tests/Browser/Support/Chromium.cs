using System.Collections.Concurrent;
using AgentPlatform.Integration.Support;
using Microsoft.Playwright;

namespace AgentPlatform.Browser.Support;

/// <summary>The system's own Chromium, one for each worker of the test run: Playwright's objects belong to one flow of calls.</summary>
static class Chromium
{
    static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    static readonly ConcurrentDictionary<string, Once<Running>> Workers = new(StringComparer.Ordinal);

    public static async Task<IBrowser> Mine() => (await Workers.GetOrAdd(TestContext.CurrentContext.WorkerId ?? "", _ => new Once<Running>(Start)).Value()).Browser;

    public static async Task Stop()
    {
        foreach (var worker in Workers.Values.Where(worker => worker.HasStarted))
        {
            var (playwright, browser) = await worker.Value();
            await browser.CloseAsync();
            playwright.Dispose();
        }
    }

    static async Task<Running> Start()
    {
        // What is expected comes by itself, also on a machine that does something else at the same time.
        Assertions.SetDefaultExpectTimeout(30_000);
        var playwright = await Playwright.CreateAsync();
        return new Running(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Executable() }));
    }

    static string Executable()
    {
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var places = from name in Names from directory in directories select Path.Combine(directory, name);
        return places.Append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome").FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"Chromium is missing (looked for {string.Join(", ", Names)} in PATH): install the package chromium of your system.");
    }

    sealed record Running(IPlaywright Playwright, IBrowser Browser);
}
