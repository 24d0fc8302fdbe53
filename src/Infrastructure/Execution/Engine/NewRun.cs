using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>A run on its way into the database.</summary>
/// <param name="Input">The same value twice: as UTF-8 JSON to be stored, and parsed to be read.</param>
sealed record NewRun(
    RunPlan Plan,
    Guid RunId,
    RunSource Source,
    Guid? TriggerId,
    Guid? CreatedBy,
    short Priority,
    DateTimeOffset? Deadline,
    byte[] Input,
    Datum InputValue,
    RunKey? Key);

/// <summary>Two runs with the same key in the same scope are one run.</summary>
/// <param name="Scope">Who gave the key: <c>trigger:…</c> or <c>run:…</c>; keys of different callers never meet.</param>
/// <param name="RequestHash">A repeat with another hash is refused; empty where the key alone decides (webhook deliveries).</param>
sealed record RunKey(string Scope, string Key, byte[] RequestHash);

enum RunSource
{
    Manual,
    Webhook,
}

enum IntakeOutcome
{
    Accepted,
    /// <summary>The key was used before for the same request: the run that it made is the answer.</summary>
    Replayed,
    /// <summary>The key was used before for another request.</summary>
    KeyReused,
}

/// <param name="Execution">The run in memory when this node took it at once; null when it waits in the queue, or is a replay.</param>
sealed record IntakeAnswer(IntakeOutcome Outcome, Guid RunId, RunExecution? Execution);
