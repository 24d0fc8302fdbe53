using System.Text.Json;
using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>What each node of an agent's own graph came to when it ran last, in any of its ten latest runs: what the builder shows beside a node, and completes expressions from.</summary>
/// <param name="Agent">Id or slug.</param>
[Requires("runs:read")]
public sealed record ListLatestSteps(string Agent) : IQuery<LatestSteps>;

/// <param name="RunId">The latest run; null when there is none.</param>
/// <param name="Input">The latest run's.</param>
public sealed record LatestSteps(Guid? RunId, JsonElement? Input, IReadOnlyList<LatestStep> Items);

/// <param name="Attempt">Of several the last.</param>
/// <param name="IsCut">The input or the output is larger than 256 KiB and left out here; the run's steps have it.</param>
public sealed record LatestStep(
    string NodeId,
    Guid RunId,
    bool IsTest,
    int Attempt,
    string Status,
    JsonElement? Input,
    JsonElement? Output,
    bool IsCut,
    JsonElement? Error,
    JsonElement? Usage,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt);
