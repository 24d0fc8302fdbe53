using System.Runtime.InteropServices;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Flow;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>A run on its way into the database.</summary>
/// <param name="Input">The same value twice: as UTF-8 JSON to be stored, and parsed to be read.</param>
sealed record NewRun(
    RunPlan Plan,
    Guid RunId,
    RunSource Source,
    Guid? TriggerId,
    RunAsker Asker,
    short Priority,
    DateTimeOffset? Deadline,
    byte[] Input,
    Datum InputValue,
    RunKey? Key)
{
    /// <summary>How the run's trigger limits it; null when it does not.</summary>
    public TriggerFlow? Flow { get; init; }

    /// <summary>Of the span in which the run was asked for; null where nobody traces.</summary>
    public string? TraceParent { get; } = RunTraces.Here();

    /// <summary>Of a child run.</summary>
    public RunFamily? Family { get; init; }

    /// <summary>Of a run that an event started: how many events followed from one another.</summary>
    public short EventDepth { get; init; }

    /// <summary>
    /// Set for a run that was over before it was stored: a pure graph does nothing outside, so running it first and storing all of it
    /// in the commit that accepts it loses nothing and saves two. Where that commit fails nothing has happened.
    /// </summary>
    public FinishedRun? Ended { get; set; }
}

/// <summary>In whose name a run goes, and those that it starts: whose credentials it may use, whose budget it spends. Nobody's where a trigger started it.</summary>
/// <param name="ApiKeyId">The key that it was asked for with; null in a session.</param>
/// <param name="ConversationId">The conversation in which it answers, or an agent above it does: what it says is its user's.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct RunAsker(Guid? UserId, Guid? ApiKeyId, Guid? ConversationId = null);

/// <summary>Two runs with the same key in the same scope are one run.</summary>
/// <param name="Scope">Who gave the key: <c>trigger:…</c> or <c>run:…</c>; keys of different callers never meet.</param>
/// <param name="RequestHash">A repeat with another hash is refused; empty where the key alone decides (webhook deliveries).</param>
sealed record RunKey(string Scope, string Key, byte[] RequestHash);

enum RunSource
{
    Manual,
    Webhook,
    Schedule,
    Event,
    Agent,
}

static class RunSources
{
    /// <summary>As <c>runs.trigger_source</c> holds it.</summary>
    public static string ToText(this RunSource source) => source switch
    {
        RunSource.Webhook => "webhook",
        RunSource.Schedule => "schedule",
        RunSource.Event => "event",
        RunSource.Agent => "agent",
        _ => "manual",
    };
}

enum IntakeOutcome
{
    Accepted,
    /// <summary>The key was used before for the same request: the run that it made is the answer.</summary>
    Replayed,
    /// <summary>The key was used before for another request.</summary>
    KeyReused,
}

/// <param name="Execution">The run in memory when this node took it at once; null when it waits in the queue, is over, or is a replay.</param>
sealed record IntakeAnswer(IntakeOutcome Outcome, Guid RunId, RunExecution? Execution);
