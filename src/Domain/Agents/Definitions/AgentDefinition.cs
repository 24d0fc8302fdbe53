using System.Text.Json;

namespace AgentPlatform.Domain.Agents.Definitions;

/// <summary>
/// An agent as one document, without what belongs to an installation (ids, times, credentials): what people keep in a repository. Reading and
/// writing lose nothing.
/// </summary>
/// <param name="Kind">One of <see cref="AgentKind.All"/>.</param>
/// <param name="SemanticVersion">Of the version that the document describes; null leaves the number to the platform.</param>
/// <param name="Model">As <see cref="ModelSettings"/> checks it.</param>
/// <param name="Graph">Always there: the flat form becomes <see cref="SingleModelGraph"/>.</param>
/// <param name="Skills">The tools that the agent's model may call.</param>
public sealed record AgentDefinition(
    string Slug,
    string Kind,
    AgentFields Fields,
    string? SemanticVersion,
    string? Changelog,
    JsonElement? Model,
    string? SystemPrompt,
    JsonElement? DefaultParams,
    JsonElement? InputSchema,
    JsonElement? OutputSchema,
    JsonElement Graph,
    IReadOnlyList<SkillBinding> Skills);

/// <param name="Slug">Of the skill.</param>
public sealed record SkillBinding(string Slug, ToolSettings Settings);
