using AgentPlatform.Browser.Support;
using Microsoft.Playwright;

namespace AgentPlatform.Browser.Pages;

static class Seeing
{
    /// <summary>Waits for the heading, and until nothing is being fetched or drawn any more.</summary>
    const string Settled = """
        () => new Promise((resolve) => {
          const began = performance.now();
          let changed = began;
          const watch = new MutationObserver(() => { changed = performance.now(); });
          watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
          const timer = setInterval(() => {
            const now = performance.now();
            const isThere = document.querySelector('h1') !== null && document.querySelector('[aria-label="Loading"], .mantine-Skeleton-root, .react-flow:not(:has(.react-flow__node))') === null;
            if ((isThere && now - changed > 150) || now - began > 20000) {
              clearInterval(timer);
              watch.disconnect();
              resolve(isThere);
            }
          }, 50);
        })
        """;

    /// <summary>Looks at what is shown in the colours of this look and in the opposite ones, and keeps a picture of each under <c>artifacts/screenshots</c>.</summary>
    /// <param name="name">What is shown, for the pictures.</param>
    /// <param name="isDialog">Whether it stands over a page: the picture is then of the screen, else of the whole page.</param>
    /// <returns>What is wrong with it.</returns>
    public static async Task<IEnumerable<string>> See(this Visitor visitor, string name, Look look, bool isDialog = false)
    {
        var found = new List<string>();
        if (!await visitor.Page.EvaluateAsync<bool>(Settled))
        {
            found.Add($"{name} {look.Name}: has no heading, or is still loading");
        }

        foreach (var now in new[] { look, look.InOtherColours() })
        {
            await visitor.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = now.Colours, ReducedMotion = ReducedMotion.Reduce });
            var path = Path.Combine(Repository.Root, "artifacts", "screenshots", $"{name}-{now.Name}.png");
            await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = path, FullPage = !isDialog, Animations = ScreenshotAnimations.Disabled });
            found.AddRange((await visitor.Page.Violations(onlyColours: now != look)).Select(violation => $"{name} {now.Name}: {violation}"));
        }

        await visitor.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = look.Colours, ReducedMotion = ReducedMotion.Reduce });
        return found;
    }
}
