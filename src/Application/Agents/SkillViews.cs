using System.Text.Json;

namespace AgentPlatform.Application.Agents;

/// <summary>A skill as the API shows it.</summary>
/// <param name="IsPlatform">One of the platform's own: the same for everybody, and not to be changed.</param>
/// <param name="LatestVersion">The highest active number; null while there is none.</param>
public sealed record SkillView(
    Guid Id,
    string Slug,
    string Name,
    string? Description,
    string Type,
    string Category,
    bool IsActive,
    bool IsPlatform,
    string? LatestVersion,
    string[] Tags,
    Guid? CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <param name="SourceCode">Of a skill of type code, in <paramref name="Language"/>; lists leave it out.</param>
/// <param name="IsDeprecated">A graph that names it still compiles, with a warning. Never at once with <paramref name="IsActive"/>.</param>
public sealed record SkillVersionView(
    Guid Id,
    Guid SkillId,
    string SemanticVersion,
    JsonElement Spec,
    JsonElement? InputSchema,
    JsonElement? OutputSchema,
    string? Language,
    string? SourceCode,
    bool IsActive,
    bool IsDeprecated,
    string? DeprecationMessage,
    string? Changelog,
    Guid? CreatedBy,
    DateTimeOffset CreatedAt);

/// <summary>A label for skills.</summary>
/// <param name="Color"><c>#RRGGBB</c>.</param>
public sealed record TagView(Guid Id, string Slug, string Name, string? Description, string? Color, bool IsActive, DateTimeOffset CreatedAt);
