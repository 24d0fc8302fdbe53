using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Application.Agents;

/// <summary>How a path names a thing: by id or by slug. What can be neither finds nothing, and never reaches the database.</summary>
readonly record struct Handle(Guid? Id, string? Slug)
{
    public static Handle Parse(string? text) =>
        Guid.TryParseExact(text, "D", out var id) ? new Handle(id, null)
        : SkillReference.TryParse(text, out var reference) && reference.Range is null ? new Handle(null, text)
        : default;

    public bool CanExist => Id is not null || Slug is not null;
}

/// <summary>How a path names a version: by id, by number, or as <c>latest</c>.</summary>
readonly record struct VersionHandle(Guid? Id, string? Number, bool IsLatest)
{
    public static VersionHandle Parse(string? text) =>
        text is null or "latest" ? new VersionHandle(null, null, IsLatest: true)
        : Guid.TryParseExact(text, "D", out var id) ? new VersionHandle(id, null, IsLatest: false)
        : SemanticVersion.TryParse(text, out _) ? new VersionHandle(null, text, IsLatest: false)
        : default;

    public bool CanExist => IsLatest || Id is not null || Number is not null;
}
