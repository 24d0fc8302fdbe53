using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

static class GraphProblems
{
    /// <summary>The problem as a fault of the request in which the graph is at <paramref name="graphPointer"/>.</summary>
    public static FieldError At(this GraphProblem problem, string graphPointer) => new(graphPointer + problem.Pointer, problem.Code, problem.Message);
}
