using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.JsonSchema;

namespace AgentPlatform.Infrastructure.Agents;

sealed class AgentCompiler(ISkills skills, ITemplateCompiler templates) : IAgentCompiler
{
    public async Task<CompiledAgent> Compile(LoadedVersion version, CancellationToken ct)
    {
        var problems = new List<GraphProblem>();
        var document = GraphDocument.Parse(version.Graph, problems);
        var catalog = await skills.Pinned(version.Pins, ct);
        var graph = GraphCompiler.Compile(document, catalog, templates, GraphLimits.Default, problems)
            ?? throw new InvalidOperationException(
                $"Version {version.VersionId} was accepted and does not compile: {problems.First(p => p.Severity == ProblemSeverity.Error).Message}");
        return new CompiledAgent(version, graph, Compile(version.InputSchema), Compile(version.OutputSchema));
    }

    static CompiledSchema? Compile(JsonElement? schema) =>
        schema is not { } given ? null
        : CompiledSchema.TryCompile(given, out var compiled, out var problems) ? compiled
        : throw new InvalidOperationException($"A stored schema does not compile: {problems[0].Message}");
}
