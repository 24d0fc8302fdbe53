using System.Text.Json;

namespace AgentPlatform.Application.Execution;

/// <param name="TriggerSource">manual, webhook, schedule, event, agent (another agent's run) or replay.</param>
/// <param name="ReplayOfRunId">The run that this one runs again, whole or in part.</param>
/// <param name="Error">code, message, node, class, retryable and, for some, detail.</param>
/// <param name="Attempt">How often a worker took the run up.</param>
/// <param name="StepsCompleted">Nodes of the graph that are settled: run, failed or skipped.</param>
/// <param name="ApiKeyId">The key that it was asked for with; null in a session.</param>
/// <param name="QueuePosition">While it is queued: how many of the tenant's runs go before it, in the line in which it stands; 10 000 means that many or more.</param>
/// <param name="IsTest">A test run of a draft: real in all it does and costs, and not to be counted among the agent's runs.</param>
public sealed record RunView(
    Guid Id,
    Guid AgentId,
    Guid AgentVersionId,
    Guid? TriggerId,
    string TriggerSource,
    Guid? ParentRunId,
    Guid? RootRunId,
    Guid? ReplayOfRunId,
    string Status,
    int Priority,
    JsonElement? Input,
    JsonElement? Output,
    JsonElement? Error,
    JsonElement? Usage,
    int Attempt,
    int StepsTotal,
    int StepsCompleted,
    string? CurrentNode,
    long CostMicros,
    Guid? CreatedBy,
    Guid? ApiKeyId,
    DateTimeOffset QueuedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? DeadlineAt,
    int? QueuePosition,
    bool IsTest);

/// <summary>A run in a list: without its input and output.</summary>
/// <param name="AgentSlug">Of an agent that was deleted too.</param>
public sealed record RunSummary(
    Guid Id,
    Guid AgentId,
    Guid AgentVersionId,
    Guid? TriggerId,
    string TriggerSource,
    Guid? ReplayOfRunId,
    string Status,
    int Priority,
    JsonElement? Error,
    int Attempt,
    int StepsTotal,
    int StepsCompleted,
    long CostMicros,
    DateTimeOffset QueuedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    bool IsTest,
    string? AgentSlug = null);

/// <param name="Idx">The node's place in the graph's order of execution.</param>
/// <param name="Path">Where in nested bodies, for example <c>each[3]</c>; null in the run's own graph.</param>
/// <param name="Item">Of a foreach or a loop: the item's, or round's, index; null elsewhere.</param>
/// <param name="Attempt">1 for the first try; 0 for a node that was settled without being run: skipped, failed by the condition of an edge, or pinned in a test run.</param>
/// <param name="Skill">Slug of the skill.</param>
/// <param name="Input">What an effectful skill was given; null for pure ones, which are recomputed from what came before.</param>
/// <param name="OverriddenBy">Who put the output there; with <paramref name="OverriddenAt"/> null where the step gave it itself.</param>
/// <param name="ReusedFrom">The earlier run whose step this is; null for the run's own.</param>
public sealed record StepView(
    string? Path,
    string NodeId,
    int Idx,
    int? Item,
    int Attempt,
    string? Skill,
    string Status,
    JsonElement? Input,
    JsonElement? Output,
    JsonElement? Error,
    JsonElement? Usage,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    Guid? OverriddenBy,
    DateTimeOffset? OverriddenAt,
    Guid? ReusedFrom);
