using System.Text.Json;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>Holds the literal parts of a <c>with</c> against the skill's input schema. Nothing is said of what expressions will compute.</summary>
static class LiteralCheck
{
    public static void Run(JsonElement with, CompiledSchema schema, string pointer, ICollection<GraphProblem> problems)
    {
        foreach (var problem in schema.Validate(with))
            problems.Add(GraphProblem.Error(pointer + problem.Pointer, GraphProblemCodes.WithInvalid, problem.Message));
    }
}
