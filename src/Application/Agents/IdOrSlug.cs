using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Application.Agents;

/// <summary>How a path names a thing: by id or by slug. What can be neither finds nothing, and never reaches the database.</summary>
readonly record struct IdOrSlug(Guid? Id, string? Slug)
{
    public static IdOrSlug Parse(string? text) =>
        Guid.TryParseExact(text, "D", out var id) ? new IdOrSlug(id, null)
        : SkillReference.TryParse(text, out var reference) && reference.Range is null ? new IdOrSlug(null, text)
        : default;

    public bool CanExist => Id is not null || Slug is not null;
}

/// <summary>How a path names a version: by id, by number, or as <c>latest</c>.</summary>
readonly record struct VersionName(Guid? Id, string? Number, bool IsLatest)
{
    public static VersionName Parse(string? text) =>
        text is null or "latest" ? new VersionName(null, null, IsLatest: true)
        : Guid.TryParseExact(text, "D", out var id) ? new VersionName(id, null, IsLatest: false)
        : SemanticVersion.TryParse(text, out _) ? new VersionName(null, text, IsLatest: false)
        : default;

    public bool CanExist => IsLatest || Id is not null || Number is not null;
}
