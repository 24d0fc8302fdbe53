using System.Text.Json;
using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Agents.Definitions;
using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Application.Agents;

/// <summary>Agents of the caller's tenant. Deleted ones do not exist for any of these.</summary>
interface IAgents
{
    Task<AgentView?> Find(IdOrSlug agent, string? kind, CancellationToken ct);

    /// <summary>Locks the row until the transaction ends: whoever changes an agent or adds a version to it does so one after another.</summary>
    Task<AgentView?> FindForUpdate(IdOrSlug agent, string? kind, CancellationToken ct);

    /// <summary>Stores the agent and, where it has one, its first version.</summary>
    /// <returns>False when the slug is taken.</returns>
    Task<bool> Add(NewAgent agent, NewVersion? version, CancellationToken ct);

    /// <summary>Stores the version as the agent's latest.</summary>
    Task AddVersion(NewVersion version, CancellationToken ct);

    /// <summary>Stores what a test run of a draft runs: in no list, and never the latest.</summary>
    Task AddSnapshot(NewVersion version, CancellationToken ct);

    Task Update(Guid id, AgentFields fields, CancellationToken ct);

    Task SetStatus(Guid id, string status, CancellationToken ct);

    Task Delete(Guid id, CancellationToken ct);

    /// <returns>The given slug or, where that is taken, the first of slug-2, slug-3 … that is free.</returns>
    Task<string> FreeSlug(string slug, CancellationToken ct);

    /// <summary>Which of the ids are in the feature catalogue.</summary>
    Task<IReadOnlyList<string>> KnownFeatures(IReadOnlyList<string> ids, CancellationToken ct);

    /// <returns>False when nothing changed.</returns>
    Task<bool> SetFavorite(Guid id, Guid userId, bool isFavorite, CancellationToken ct);

    Task CopySkills(Guid fromAgent, Guid toAgent, CancellationToken ct);

    /// <returns>What the binding was (null when it is new), and what it is.</returns>
    Task<(AgentSkillBinding? Before, AgentSkillBinding After)> BindSkill(Guid agentId, Guid skillId, ToolSettings settings, CancellationToken ct);

    /// <summary>Makes these the agent's bound skills.</summary>
    /// <returns>False when nothing changed.</returns>
    Task<bool> ReplaceSkills(Guid agentId, IReadOnlyList<BoundSkill> bindings, CancellationToken ct);

    Task<IReadOnlyList<SkillBinding>> Skills(Guid agentId, CancellationToken ct);

    /// <returns>False when there was none.</returns>
    Task<bool> UnbindSkill(Guid agentId, Guid skillId, CancellationToken ct);

    Task<AgentVersionView?> FindVersion(Guid agentId, VersionName version, CancellationToken ct);

    Task<string?> LatestContentHash(Guid agentId, CancellationToken ct);

    /// <summary>What each of the calls leads to, in their order. In a transaction, nobody else stores a version that calls agents until it ends:
    /// two that each close a cycle with the other must not both pass.</summary>
    Task<IReadOnlyList<CalledAgent>> Called(IReadOnlyList<AgentCall> calls, CancellationToken ct);

    /// <summary>The calls that the version makes itself, as they are stored.</summary>
    Task<IReadOnlyList<CalledVersion>> CallsOf(Guid versionId, CancellationToken ct);

    /// <summary>Every call that the versions make, and that those they call make, and so on.</summary>
    Task<ILookup<Guid, AgentLink>> CallsBelow(IReadOnlyList<Guid> versions, CancellationToken ct);
}

/// <param name="AgentId">Null when there is no such agent.</param>
/// <param name="VersionId">Null when there is no such version.</param>
sealed record CalledAgent(Guid? AgentId, string? Slug, Guid? VersionId);

sealed record NewAgent(Guid Id, string Slug, string Kind, AgentFields Fields);

/// <param name="Pins">To which version each skill reference of the graph was resolved.</param>
/// <param name="Calls">The agents that the graph runs.</param>
sealed record NewVersion(
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
    IReadOnlyList<SkillPin> Pins,
    IReadOnlyList<CalledVersion> Calls);

/// <param name="VersionId">Null for the latest at the time of the call.</param>
sealed record CalledVersion(Guid AgentId, Guid? VersionId);

/// <param name="Reference">As the graph writes it: <c>slug</c>, <c>slug@1</c>, <c>slug@1.2.0</c>.</param>
public sealed record SkillPin(string Reference, string Skill, Guid SkillVersionId);

sealed record BoundSkill(Guid SkillId, ToolSettings Settings);

sealed record AgentSkillBinding(ToolSettings Settings, DateTimeOffset AddedAt);

/// <summary>Skills of the caller's tenant, and the platform's to read.</summary>
interface ISkills
{
    /// <summary>The tenant's own skill or the platform's; the tenant's own wins.</summary>
    Task<SkillView?> Find(IdOrSlug skill, CancellationToken ct);

    /// <summary>The tenant's own skill, locked until the transaction ends.</summary>
    Task<SkillView?> FindOwnForUpdate(IdOrSlug skill, CancellationToken ct);

    /// <returns>False when the slug is taken, by the tenant or by the platform.</returns>
    Task<bool> Add(NewSkill skill, CancellationToken ct);

    Task AddVersion(NewSkillVersion version, CancellationToken ct);

    Task<SkillVersionView?> FindVersion(Guid skillId, VersionName version, CancellationToken ct);

    /// <summary>The number of the version that was made last, whatever its standing; numbers only rise.</summary>
    Task<string?> HighestVersion(Guid skillId, CancellationToken ct);

    Task Update(Guid id, SkillFields fields, CancellationToken ct);

    Task Delete(Guid id, CancellationToken ct);

    Task SetStanding(Guid versionId, bool isActive, bool isDeprecated, string? message, CancellationToken ct);

    /// <summary>Replaces the skill's tags.</summary>
    /// <returns>The slugs of <paramref name="slugs"/> that are no tag of the tenant or the platform.</returns>
    Task<IReadOnlyList<string>> SetTags(Guid skillId, IReadOnlyList<string> slugs, CancellationToken ct);

    /// <summary>Everything that a graph with these references can resolve to, in one query.</summary>
    Task<ISkillCatalog> Catalog(IEnumerable<SkillReference> references, CancellationToken ct);

    /// <summary>Exactly the versions that an accepted graph was resolved to, in one query.</summary>
    Task<ISkillCatalog> Pinned(IReadOnlyList<SkillPin> pins, CancellationToken ct);
}

sealed record NewSkill(Guid Id, string Slug, string Name, string? Description, string Type, string Category);

sealed record NewSkillVersion(
    Guid Id,
    Guid SkillId,
    string SemanticVersion,
    JsonElement Spec,
    JsonElement? InputSchema,
    JsonElement? OutputSchema,
    string? Language,
    string? SourceCode,
    bool IsActive,
    string? Changelog);

interface ITags
{
    /// <returns>False when the slug is taken.</returns>
    Task<bool> Add(TagView tag, CancellationToken ct);
}
