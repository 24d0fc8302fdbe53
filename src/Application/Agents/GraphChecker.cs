using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Application.Agents;

/// <summary>
/// Says everything that is wrong with a graph at once, to which skill versions it resolves and which agents it runs. What passes here compiles for good:
/// the resolutions are stored with the version.
/// </summary>
sealed class GraphChecker(ISkills skills, ITemplateCompiler templates, AgentCallChecker agentCalls)
{
    /// <summary>Reads the graph, resolves its skills and compiles it. Pointers start at the graph.</summary>
    /// <param name="agentId">Whose graph it is; null when it is nobody's yet.</param>
    public async Task<GraphVerdict> Check(JsonElement graph, Guid? agentId, CancellationToken ct)
    {
        var problems = new List<GraphProblem>();
        var document = GraphDocument.Parse(graph, problems);
        var catalog = await skills.Catalog(document.SkillReferences, ct);
        var compiled = GraphCompiler.Compile(document, catalog, templates, GraphLimits.Default, problems);
        var calls = await agentCalls.Check(document.AgentCalls(catalog), agentId, problems, ct);
        var isValid = compiled is not null && !problems.Exists(p => p.Severity == ProblemSeverity.Error);
        var pins = !isValid ? [] : document.SkillReferences.Select(r => Pin(r, catalog.Resolve(r)!)).ToList();
        return new GraphVerdict(isValid, problems, pins, calls);
    }

    static SkillPin Pin(SkillReference reference, ResolvedSkill skill) => new(reference.ToString(), skill.Slug, skill.VersionId);
}

/// <param name="Pins">Empty unless the graph is valid.</param>
sealed record GraphVerdict(bool IsValid, IReadOnlyList<GraphProblem> Problems, IReadOnlyList<SkillPin> Pins, IReadOnlyList<CalledVersion> Calls)
{
    public IEnumerable<GraphProblem> Errors => Problems.Where(p => p.Severity == ProblemSeverity.Error);

    public IReadOnlyList<GraphProblem> Warnings => [.. Problems.Where(p => p.Severity == ProblemSeverity.Warning)];
}
