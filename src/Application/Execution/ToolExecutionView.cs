using System.Text.Json;

namespace AgentPlatform.Application.Execution;

/// <summary>A call that a model asked for.</summary>
/// <param name="RequestId">The same for every attempt; what the outside gets as the idempotency key.</param>
/// <param name="StepId">The step that made the call, in its last attempt; null while a person is asked.</param>
/// <param name="SkillId">Null for a tool that there is not.</param>
/// <param name="ToolName">As the model named it.</param>
/// <param name="Output">What the model was told; the beginning of it, as a text, where the whole is larger than 64 KiB.</param>
/// <param name="Status">pending (a person is asked), running, succeeded, failed, timeout or canceled.</param>
/// <param name="HttpStatus">Of an HTTP call that was answered.</param>
/// <param name="LlmSource">The model that asked.</param>
/// <param name="UserId">In whose name the run goes.</param>
public sealed record ToolExecutionView(
    Guid Id,
    string RequestId,
    Guid RunId,
    Guid? StepId,
    Guid? ConversationId,
    Guid? MessageId,
    Guid AgentId,
    Guid? SkillId,
    Guid? SkillVersionId,
    string ToolName,
    JsonElement? Input,
    JsonElement? Output,
    string Status,
    int Attempts,
    int? HttpStatus,
    string? ErrorCode,
    string? ErrorMessage,
    JsonElement? ErrorDetail,
    long? DurationMs,
    string? LlmSource,
    Guid? UserId,
    DateTimeOffset StartedAt,
    DateTimeOffset? CompletedAt);
