using Microsoft.Playwright;

namespace AgentPlatform.Browser.Journeys;

/// <summary>What the builder's canvas and a run's graph call their parts.</summary>
static class Builder
{
    public const string Canvas = "Graph. Arrow keys move a node, Delete removes it.";

    /// <summary>A node by its id; behind it stands what it does or what became of it.</summary>
    public static ILocator Node(this ILocator graph, string id) => graph.Locator($"[aria-label^='{id}: ']");
}
