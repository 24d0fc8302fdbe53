using System.Text.Json;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>One immutable version of an agent.</summary>
/// <param name="Skills">For each reference of the graph the skill version that it was resolved to when this version was made: <c>[{reference, skill, version, skill_version_id}]</c>.</param>
/// <param name="ContentHash">Equal for versions that do the same, also in another tenant.</param>
public sealed record AgentVersionView(
    Guid Id,
    Guid AgentId,
    string SemanticVersion,
    JsonElement Graph,
    JsonElement DefaultParams,
    JsonElement? Model,
    string? SystemPrompt,
    JsonElement? InputSchema,
    JsonElement? OutputSchema,
    string? Changelog,
    string ContentHash,
    JsonElement Skills,
    Guid? CreatedBy,
    DateTimeOffset CreatedAt)
{
    /// <summary>What the author should know; only in the answer that made the version.</summary>
    public IReadOnlyList<FieldError> Warnings { get; init; } = [];
}
