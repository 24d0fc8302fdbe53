using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Application.Agents;

/// <summary>
/// Says everything that is wrong with a graph at once, and to which skill versions it resolves. What passes here compiles for good:
/// the resolutions are stored with the version.
/// </summary>
sealed class GraphChecker(ISkills skills, ITemplateCompiler templates)
{
    /// <summary>Reads the graph, resolves its skills and compiles it. Pointers start at the graph.</summary>
    public async Task<GraphVerdict> Check(JsonElement graph, CancellationToken ct)
    {
        var problems = new List<GraphProblem>();
        var document = GraphDocument.Parse(graph, problems);
        var catalog = await skills.Catalog(document.SkillReferences, ct);
        var compiled = GraphCompiler.Compile(document, catalog, templates, GraphLimits.Default, problems);
        var pins = compiled is null ? [] : document.SkillReferences.Select(r => Pin(r, catalog.Resolve(r)!)).ToList();
        return new GraphVerdict(compiled is not null, problems, pins);
    }

    static SkillPin Pin(SkillReference reference, ResolvedSkill skill) => new(reference.ToString(), skill.Slug, skill.VersionId);
}

/// <param name="Pins">Empty unless the graph is valid.</param>
sealed record GraphVerdict(bool IsValid, IReadOnlyList<GraphProblem> Problems, IReadOnlyList<SkillPin> Pins)
{
    public IEnumerable<GraphProblem> Errors => Problems.Where(p => p.Severity == ProblemSeverity.Error);

    public IReadOnlyList<GraphProblem> Warnings => [.. Problems.Where(p => p.Severity == ProblemSeverity.Warning)];
}
