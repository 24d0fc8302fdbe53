using System.Text.Json;

namespace AgentPlatform.Application.Execution.Conversations;

/// <param name="Seq">Its place: 1, 2, 3 … without gaps.</param>
/// <param name="Role">user or assistant.</param>
/// <param name="Status">Of a reply: pending (it waits for its turn), running, succeeded, failed or canceled. What a person says has succeeded.</param>
/// <param name="ReplyTo">The message that a reply answers.</param>
/// <param name="Replaces">The message in whose place it came: an edit, or another reply.</param>
/// <param name="SupersededBy">What came in its place, or in the place of one before it; null while it is in force.</param>
/// <param name="ToolCalls">What the model called, in order; null for nothing.</param>
/// <param name="Error">code, message and node of a reply that failed or was canceled.</param>
/// <param name="IsTruncated">The agent's output was longer; the run has the whole.</param>
public sealed record MessageView(
    Guid Id,
    Guid ConversationId,
    int Seq,
    string Role,
    string Status,
    string Content,
    bool IsTruncated,
    IReadOnlyList<FileView> Files,
    Guid? ReplyTo,
    Guid? Replaces,
    Guid? SupersededBy,
    DateTimeOffset? SupersededAt,
    Guid? RunId,
    string? Model,
    JsonElement? ToolCalls,
    JsonElement? Error,
    long InputTokens,
    long OutputTokens,
    long CostMicros,
    long? LatencyMs,
    int? Satisfaction,
    int? Usefulness,
    string? Feedback,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt);

/// <param name="Index">Its bytes are at <c>…/files/{index}</c>.</param>
public sealed record FileView(int Index, string Name, string MediaType, int Bytes);

/// <summary>What a message brought about.</summary>
/// <param name="UserMessage">Null where only another reply was asked for.</param>
/// <param name="Message">The reply, as it stands: mostly still under way.</param>
public sealed record PostedMessage(MessageView? UserMessage, MessageView Message);
