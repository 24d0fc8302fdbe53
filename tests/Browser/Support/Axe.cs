using Microsoft.Playwright;

namespace AgentPlatform.Browser.Support;

/// <summary>
/// axe-core, as the web app's packages hold it. It is given to the page as an expression of the debugger, to which the page's content security
/// policy does not apply: the policy stays as strict as it is.
/// </summary>
static class Axe
{
    const string Run = """
        async (rules) => {
          const { violations } = await window.axe.run(document, { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) });
          return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`));
        }
        """;

    /// <summary>What may differ between two themes of the same page.</summary>
    static readonly string[] Colours = ["color-contrast", "link-in-text-block"];

    static readonly Lazy<string> Source = new(() => File.ReadAllText(Path.Combine(Repository.Root, "web", "node_modules", "axe-core", "axe.min.js")));

    /// <param name="onlyColours">Whether everything else was looked at before, in other colours.</param>
    /// <returns>A line for each place that breaks a rule.</returns>
    public static async Task<IReadOnlyList<string>> Violations(this IPage page, bool onlyColours)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Source.Value);
        }

        return await page.EvaluateAsync<string[]>(Run, onlyColours ? Colours : null);
    }
}
