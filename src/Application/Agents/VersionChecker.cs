using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Application.Agents;

/// <summary>
/// Says everything that is wrong with a version at once, and to which skill versions its graph resolves. What passes here compiles for good:
/// the resolutions are stored with the version.
/// </summary>
sealed class VersionChecker(ISkills skills, ITemplateCompiler templates)
{
    /// <summary>Reads the graph, resolves its skills and compiles it. Pointers start at the graph.</summary>
    public async Task<GraphVerdict> CheckGraph(JsonElement graph, CancellationToken ct)
    {
        var problems = new List<GraphProblem>();
        var document = GraphDocument.Parse(graph, problems);
        var catalog = await skills.Catalog(document.SkillReferences, ct);
        var compiled = GraphCompiler.Compile(document, catalog, templates, GraphLimits.Default, problems);
        var pins = compiled is null ? [] : document.SkillReferences.Select(r => Pin(r, catalog.Resolve(r)!)).ToList();
        return new GraphVerdict(compiled is not null, problems, pins);
    }

    /// <summary>Checks a whole version.</summary>
    /// <param name="graphPointer">Where the graph is in the request.</param>
    public async Task<Result<GraphVerdict>> Check(VersionContent content, JsonElement graph, string graphPointer, CancellationToken ct)
    {
        var faults = content.Check().ToList();
        var verdict = await CheckGraph(graph, ct);
        faults.AddRange(verdict.Errors.Select(p => p.At(graphPointer)));
        return faults.Count == 0 ? verdict : Error.Invalid(faults);
    }

    static SkillPin Pin(SkillReference reference, ResolvedSkill skill) => new(reference.ToString(), skill.Slug, skill.VersionId);
}

/// <param name="Pins">Empty unless the graph is valid.</param>
sealed record GraphVerdict(bool IsValid, IReadOnlyList<GraphProblem> Problems, IReadOnlyList<SkillPin> Pins)
{
    public IEnumerable<GraphProblem> Errors => Problems.Where(p => p.Severity == ProblemSeverity.Error);

    public IReadOnlyList<GraphProblem> Warnings => [.. Problems.Where(p => p.Severity == ProblemSeverity.Warning)];
}
