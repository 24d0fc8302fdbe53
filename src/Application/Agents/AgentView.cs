using System.Text.Json;

namespace AgentPlatform.Application.Agents;

/// <summary>An agent as the API shows it.</summary>
/// <param name="LatestVersion">Its number, as in 1.4.0; null as long as there is none.</param>
/// <param name="Features">Ids of the feature catalogue, the primary one first.</param>
/// <param name="ActivityScore">0 to 1.</param>
/// <param name="IsFavorite">Of the caller.</param>
public sealed record AgentView(
    Guid Id,
    string Slug,
    string Name,
    string? Description,
    string Kind,
    string? Category,
    string? Icon,
    string Status,
    Guid? LatestVersionId,
    string? LatestVersion,
    string[] Tags,
    string[] Capabilities,
    string[] Features,
    bool IsPublic,
    bool MemoryEnabled,
    JsonElement Limits,
    JsonElement Metadata,
    long UsageCount,
    DateTimeOffset? LastUsedAt,
    float ActivityScore,
    bool IsFavorite,
    Guid? CreatedBy,
    Guid? UpdatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
