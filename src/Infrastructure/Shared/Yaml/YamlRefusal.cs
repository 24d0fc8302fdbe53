using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Infrastructure.Shared.Yaml;

/// <summary>Leaves the nested reader at the first problem; never seen outside <see cref="YamlDocuments"/>.</summary>
sealed class YamlRefusal(JsonProblem problem) : Exception(problem.Message)
{
    public JsonProblem Problem { get; } = problem;
}
