using System.Text.Json;

namespace AgentPlatform.Application.Execution.Conversations;

/// <param name="AgentSlug">Null when the agent is gone for good.</param>
/// <param name="Title">Given, or how it begins.</param>
/// <param name="Status">active, completed, failed or canceled; only an active one takes messages.</param>
/// <param name="IfBusy">What becomes of a message that comes while a reply is under way: reject, enqueue or interrupt.</param>
/// <param name="Context">What the agent is given with every message.</param>
/// <param name="Summary">What was said before the window of memory; null as long as everything is in it.</param>
/// <param name="MessageCount">The highest sequence number.</param>
/// <param name="ActiveMessageId">The reply that is under way.</param>
/// <param name="PendingCount">Replies that are still to come, that one included.</param>
/// <param name="Match">Where a search found its words; null in every other list.</param>
public sealed record ConversationView(
    Guid Id,
    Guid AgentId,
    string? AgentSlug,
    Guid UserId,
    string? Title,
    string Status,
    string IfBusy,
    JsonElement Context,
    JsonElement Metadata,
    string? Summary,
    int MessageCount,
    DateTimeOffset LastMessageAt,
    Guid? ActiveMessageId,
    int PendingCount,
    string? Match,
    DateTimeOffset StartedAt,
    DateTimeOffset? CompletedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>A conversation whose row is locked, or was just read.</summary>
sealed record OpenConversation(
    Guid Id, Guid AgentId, Guid UserId, string? Title, string Status, string IfBusy, JsonElement Context, string? Summary, int SummarySeq, int LastSeq, int Pending,
    Guid? ActiveMessageId, Guid? ActiveRunId, DateTimeOffset StartedAt)
{
    public bool IsBusy => Pending > 0;
}
