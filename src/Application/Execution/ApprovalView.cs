using System.Text.Json;

namespace AgentPlatform.Application.Execution;

/// <param name="Path">Where in nested bodies the node is; null in the run's own graph.</param>
/// <param name="Payload">What is to be decided about.</param>
/// <param name="AssigneeUserId">Who decides; with no assignee at all, the tenant's admins and owners.</param>
/// <param name="Status">pending, approved, rejected, expired or canceled (its run ended).</param>
/// <param name="EditedPayload">What the person who approved made of the payload; null leaves it as it was.</param>
public sealed record ApprovalView(
    Guid Id,
    Guid RunId,
    string? Path,
    string NodeId,
    string Title,
    JsonElement? Payload,
    Guid? AssigneeUserId,
    Guid? AssigneeTeamId,
    string Status,
    JsonElement? EditedPayload,
    Guid? DecidedBy,
    DateTimeOffset? DecidedAt,
    string? Comment,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
