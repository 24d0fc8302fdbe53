namespace AgentPlatform.Application.Execution;

/// <summary>Which runs a bulk operation is about: those that fit all that is given, and were accepted before it.</summary>
/// <param name="Agent">Id or slug.</param>
/// <param name="Status">Of a cancel: queued, running, waiting or paused. Of a replay: succeeded, failed or canceled.</param>
/// <param name="Trigger">Id of the trigger.</param>
/// <param name="Since">Queued at or after this instant.</param>
/// <param name="Until">Queued before this instant.</param>
/// <param name="ErrorCode">Code of the run's error, for example <c>poisoned</c>.</param>
public sealed record BulkFilter(
    string? Agent = null, string? Status = null, Guid? Trigger = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null, string? ErrorCode = null);

/// <param name="Action">cancel or replay.</param>
/// <param name="Status">pending, running, done, failed or canceled.</param>
/// <param name="Total">How many runs the filter found; null until they were counted.</param>
/// <param name="Done">Runs that are dealt with.</param>
/// <param name="Failed">Runs that could not be: their agent cannot run.</param>
public sealed record BulkView(
    Guid Id,
    string Action,
    System.Text.Json.JsonElement Filter,
    string? Reason,
    string Status,
    int? Total,
    int Done,
    int Failed,
    System.Text.Json.JsonElement? Error,
    Guid? CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? FinishedAt);

/// <summary>An operation that is being worked off, its row locked.</summary>
sealed record OpenBulk(Guid Id, string Action, BulkFilter Filter, Guid? AgentId, string? Reason, Guid Position, int? Total);
