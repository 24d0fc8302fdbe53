using System.Text.Json;

namespace AgentPlatform.Application.Execution.Interactions;

/// <summary>A piece of work that somebody did with an agent, here or elsewhere.</summary>
/// <param name="Id">A conversation's is the conversation's id, a run's the run's.</param>
/// <param name="Type">One of the interaction types.</param>
/// <param name="Status">active, completed, archived or deleted (its conversation is gone).</param>
public sealed record InteractionView(
    Guid Id,
    Guid? AgentId,
    Guid UserId,
    string Type,
    Guid? ConversationId,
    Guid? RunId,
    string Title,
    string? Description,
    string? ExternalLink,
    string? ExternalId,
    JsonElement ExternalMetadata,
    string? ContentPreview,
    string? FullContent,
    long InputTokens,
    long OutputTokens,
    long CostMicros,
    string[] Tags,
    string[] Keywords,
    int? Satisfaction,
    int? Usefulness,
    string? Feedback,
    string Status,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    long? DurationMs,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

public sealed record InteractionTypeView(string Id, string Name, string Description, string Category, string Icon, string Color, int SortOrder);
