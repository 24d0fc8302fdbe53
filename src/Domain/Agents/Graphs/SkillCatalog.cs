namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>A catalogue over rows already read: every active or deprecated version of the skills that a document names.</summary>
/// <param name="versions">Usable versions; one whose number is not a semantic version is a broken row and throws.</param>
/// <param name="slugs">Every slug that the author could have meant; those of <paramref name="versions"/> are always among them.</param>
public sealed class SkillCatalog(IEnumerable<ResolvedSkill> versions, IEnumerable<string> slugs) : ISkillCatalog
{
    readonly Dictionary<string, (SemanticVersion Number, ResolvedSkill Skill)[]> bySlug = versions
        .GroupBy(v => v.Slug, StringComparer.Ordinal)
        .ToDictionary(
            g => g.Key,
            g => g.Select(v => (Number: Number(v), Skill: v)).OrderByDescending(v => v.Number).ToArray(),
            StringComparer.Ordinal);

    readonly HashSet<string> slugs = new(slugs, StringComparer.Ordinal);

    public IEnumerable<string> Slugs => slugs.Union(bySlug.Keys);

    public bool Exists(string slug) => slugs.Contains(slug) || bySlug.ContainsKey(slug);

    public IEnumerable<string> Versions(string slug) =>
        bySlug.TryGetValue(slug, out var found) ? found.Select(v => v.Skill.Version) : [];

    /// <summary>An active version wins over a deprecated one, then the higher number. Only an exact reference is sure to get a deprecated one.</summary>
    public ResolvedSkill? Resolve(SkillReference reference)
    {
        if (!bySlug.TryGetValue(reference.Slug, out var candidates))
            return null;

        ResolvedSkill? deprecated = null;
        foreach (var (number, skill) in candidates)
        {
            if (!reference.Matches(number))
                continue;
            if (!skill.IsDeprecated)
                return skill;
            deprecated ??= skill;
        }

        return deprecated;
    }

    static SemanticVersion Number(ResolvedSkill skill) => SemanticVersion.TryParse(skill.Version, out var number)
        ? number
        : throw new ArgumentException($"Skill '{skill.Slug}' has the version '{skill.Version}', which is no semantic version.", nameof(skill));
}
