using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Application.Agents;

/// <summary>Whether the agents that a graph runs exist, and whether running them would ever end.</summary>
sealed class AgentCallChecker(IAgents agents)
{
    /// <summary>Adds what is wrong to <paramref name="problems"/>.</summary>
    /// <param name="self">The agent whose graph it is; null when it is nobody's yet.</param>
    /// <returns>The calls that are right.</returns>
    public async Task<IReadOnlyList<CalledVersion>> Check(IReadOnlyList<AgentCall> calls, Guid? self, List<GraphProblem> problems, CancellationToken ct)
    {
        if (calls.Count == 0)
        {
            return [];
        }

        var called = await agents.Called(calls, ct);
        Guid[] versions = [.. called.Select(c => c.VersionId).OfType<Guid>().Distinct()];
        var below = await agents.CallsBelow(versions, ct);
        var right = new HashSet<CalledVersion>();
        foreach (var (call, target) in calls.Zip(called))
        {
            if (Problem(call, target, below, self) is { } problem)
            {
                problems.Add(problem);
            }
            else
            {
                right.Add(new CalledVersion(target.AgentId!.Value, call.Version is null ? null : target.VersionId));
            }
        }

        return [.. right];
    }

    static GraphProblem? Problem(AgentCall call, CalledAgent target, ILookup<Guid, AgentLink> below, Guid? self) => target switch
    {
        { AgentId: null } => GraphProblem.Error(
            call.AgentPointer, GraphProblemCodes.UnknownAgent, $"There is no agent '{call.Agent}'; make it first, or name another."),
        // The agent's own first version: it runs itself, whatever its version will be called.
        { AgentId: var id } when id == self => AgentChains.Check(call, Link(target), below, self),
        { VersionId: null } when call.Version is null => GraphProblem.Error(
            call.AgentPointer, GraphProblemCodes.VersionNotFound, $"The agent '{call.Agent}' has no version yet; give it one first."),
        { VersionId: null } => GraphProblem.Error(
            call.VersionPointer, GraphProblemCodes.VersionNotFound, $"The agent '{call.Agent}' has no version '{call.Version}'; name one that exists, or leave the version out for the latest."),
        _ => AgentChains.Check(call, Link(target), below, self),
    };

    static AgentLink Link(CalledAgent target) => new(Guid.Empty, target.AgentId!.Value, target.Slug!, target.VersionId);
}
