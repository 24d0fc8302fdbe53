using System.Collections.Concurrent;
using AgentPlatform.Integration.Support;
using Microsoft.Playwright;

namespace AgentPlatform.Browser.Support;

/// <summary>
/// Somebody at a browser of their own. What the browser has to complain of is written down: errors on the console, violations of the content
/// security policy among them, exceptions, answers that say that the server failed, and any request to another origin.
/// </summary>
public sealed class Visitor : IAsyncDisposable
{
    /// <summary>The browser says which rule was broken, but not by what.</summary>
    const string NameViolations = """
        addEventListener('securitypolicyviolation', (event) => console.error(
          `${event.effectiveDirective} broken by ${event.target?.outerHTML?.slice(0, 500)} in ${event.target?.parentElement?.outerHTML?.slice(0, 500)}`));
        """;

    readonly IBrowserContext context;
    readonly Uri site;
    readonly ConcurrentQueue<string> complaints = new();
    readonly List<string> tolerated = ["401 (Unauthorized) /v1/me"];

    Visitor(IBrowserContext context, IPage page, Uri site)
    {
        this.context = context;
        this.site = site;
        Page = page;
        Screen = page.Locator("body");
        context.Console += (_, message) => Hear(message);
        context.WebError += (_, error) => complaints.Enqueue($"exception on {error.Page?.Url}: {error.Error}");
        context.Request += (_, request) => Watch(request);
        context.Response += (_, response) =>
        {
            if (response.Status >= 500)
            {
                complaints.Enqueue($"{response.Request.Method} {response.Url} answered {response.Status}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>All that is shown, for finding things in it.</summary>
    public ILocator Screen { get; }

    public IReadOnlyCollection<string> Complaints => [.. complaints.Where(complaint => !tolerated.Exists(complaint.Contains))];

    public static async Task<Visitor> Come(Look look, Uri? by = null)
    {
        var site = by ?? (await Site.Running()).Address;
        var browser = await Chromium.Mine();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = site.ToString(),
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            ColorScheme = look.Colours,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
        });
        await context.AddInitScriptAsync(NameViolations);
        return new Visitor(context, await context.NewPageAsync(), site);
    }

    /// <summary>Has the session that this person began elsewhere.</summary>
    public Task SignInAs(TestPerson person) =>
        context.AddCookiesAsync(person.Cookies.GetCookies(site).Select(cookie => new Cookie
        {
            Name = cookie.Name,
            Value = cookie.Value,
            Domain = site.Host,
            Path = "/",
            HttpOnly = cookie.HttpOnly,
            SameSite = SameSiteAttribute.Lax,
        }));

    /// <summary>What the test brings about on purpose: a complaint that contains this is none.</summary>
    public void Expects(string complaint) => tolerated.Add(complaint);

    public async Task<Visitor> Goes(string path)
    {
        await Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });
        return this;
    }

    /// <summary>For whoever looks into why a test failed.</summary>
    public async Task Keep(string name)
    {
        var path = Path.Combine(Repository.Root, "artifacts", "browser", $"{name}.png");
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = path });
        TestContext.Out.WriteLine($"{Page.Url}: {path}");
    }

    public async ValueTask DisposeAsync() => await context.CloseAsync();

    void Hear(IConsoleMessage message)
    {
        if (message.Type == "error")
        {
            // The address of what was refused stands beside the sentence, not in it.
            complaints.Enqueue($"{message.Text.Replace("Failed to load resource: the server responded with a status of ", "", StringComparison.Ordinal)} {PathOf(message.Location)} on {message.Page?.Url}");
        }
    }

    void Watch(IRequest request)
    {
        var asked = new Uri(request.Url);
        if (asked.Scheme is "http" or "https" or "ws" or "wss" && asked.Authority != site.Authority)
        {
            complaints.Enqueue($"asked another origin: {request.Url}");
        }
    }

    static string PathOf(string location) =>
        location.Split(':') is [.. var address, _, _] && Uri.TryCreate(string.Join(':', address), UriKind.Absolute, out var uri) ? uri.AbsolutePath : location;
}
