namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>What a call of an agent leads to: the agent, and the version that would run today; null when it has none.</summary>
/// <param name="FromVersion">The version that calls.</param>
public sealed record AgentLink(Guid FromVersion, Guid AgentId, string Slug, Guid? VersionId);

/// <summary>Agents that run agents that run agents: an agent must not run itself on any way, and no way may be longer than a run may be deep.</summary>
public static class AgentChains
{
    /// <summary>Child runs below each other; the run at the top does not count.</summary>
    public const int MaxDepth = 8;

    /// <summary>What is wrong with a call, or null. The shortest chain is named.</summary>
    /// <param name="first">What the call leads to.</param>
    /// <param name="below">All that the called versions call, by the version that calls.</param>
    /// <param name="self">The agent whose graph it is; null for one that does not exist yet.</param>
    public static GraphProblem? Check(AgentCall call, AgentLink first, ILookup<Guid, AgentLink> below, Guid? self)
    {
        List<Step> level = [new Step(first, null)];
        for (var depth = 1; level.Count > 0; depth++)
        {
            if (level.Find(s => s.Link.AgentId == self) is { } cycle)
                return GraphProblem.Error(call.Pointer, GraphProblemCodes.AgentCycle, $"The agent would run itself: {cycle.Link.Slug} → {Describe(cycle)}. Take out one of the calls.");
            if (depth > MaxDepth)
                return GraphProblem.Error(call.Pointer, GraphProblemCodes.AgentDepth, $"Agents would run each other more than {MaxDepth} levels deep: {Describe(level[0])}. Take out one of the levels.");
            level = [.. level.Where(s => s.Link.VersionId is not null).SelectMany(s => below[s.Link.VersionId!.Value].Select(link => new Step(link, s))).DistinctBy(s => (s.Link.AgentId, s.Link.VersionId))];
        }

        return null;
    }

    static string Describe(Step last)
    {
        var names = new List<string>();
        for (var step = last; step is not null; step = step.Above)
            names.Insert(0, step.Link.Slug);
        return string.Join(" → ", names);
    }

    sealed record Step(AgentLink Link, Step? Above);
}
