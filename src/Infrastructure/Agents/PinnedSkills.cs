using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Infrastructure.Agents;

/// <summary>The skills of an accepted version: each reference is what it was resolved to when the version was made.</summary>
sealed class PinnedSkills(IReadOnlyDictionary<string, ResolvedSkill> byReference) : ISkillCatalog
{
    public IEnumerable<string> Slugs => byReference.Values.Select(s => s.Slug);

    public ResolvedSkill? Resolve(SkillReference reference) => byReference.GetValueOrDefault(reference.ToString());

    public bool Exists(string slug) => Slugs.Contains(slug, StringComparer.Ordinal);

    public IEnumerable<string> Versions(string slug) => byReference.Values.Where(s => s.Slug == slug).Select(s => s.Version);
}
