using System.Text.Json;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>
/// Decides what becomes of runs that are under way, inside the caller's transaction. Each call locks the queue rows of the runs and of all
/// runs below them first, so it is before their end or after it, and never beside it.
/// </summary>
interface IRunControl
{
    Task<Result<Controlled>> Cancel(IReadOnlyList<Guid> runs, string? reason, CancellationToken ct);

    Task<Result<Controlled>> Pause(Guid run, CancellationToken ct);

    /// <returns>Also <c>agent_paused</c> (409).</returns>
    Task<Result<Controlled>> Resume(Guid run, CancellationToken ct);

    /// <returns>Nothing changed when a node executes the run.</returns>
    Task<Result<Controlled>> SetPriority(Guid run, short priority, CancellationToken ct);

    /// <summary>Null when there is no such run.</summary>
    Task<string?> StatusOf(Guid run, CancellationToken ct);
}

/// <param name="Found">How many of the runs that were named have not ended.</param>
/// <param name="Changed">How many runs, those below included, the call made a difference to.</param>
sealed record Controlled(int Found, int Changed);

/// <summary>Agents that stand still; what that means for their runs is worked off in the background.</summary>
interface IAgentPauses
{
    /// <returns>Null when it is as it was.</returns>
    Task<AgentPauseView?> Pause(Guid agent, string? reason, CancellationToken ct);

    /// <returns>Null when it is as it was.</returns>
    Task<AgentPauseView?> Resume(Guid agent, CancellationToken ct);

    Task<AgentPauseView?> Find(Guid agent, CancellationToken ct);
}

interface ISignals
{
    /// <returns>The signal; or <c>run_finished</c>, <c>run_not_found</c>, <c>too_many_signals</c>.</returns>
    Task<Result<SignalView>> Send(Guid id, Guid run, string name, JsonElement payload, CancellationToken ct);
}

interface IApprovals
{
    Task<ApprovalView?> Find(Guid id, CancellationToken ct);

    /// <summary>Decides if it is still pending by the database's clock, and rings the run.</summary>
    /// <returns>Null when somebody else was faster, it has expired, or its run has ended.</returns>
    Task<ApprovalView?> Decide(ApprovalView pending, bool approve, string? comment, JsonElement? payload, CancellationToken ct);
}

/// <summary>Outputs that people put in the place of what a step gave.</summary>
interface IStepOutputs
{
    /// <returns>The step as it is now and as it was; or <c>run_not_found</c>, <c>step_not_found</c>, <c>run_is_running</c>.</returns>
    Task<Result<OverriddenStep>> Override(Guid run, string node, string path, JsonElement output, CancellationToken ct);
}

interface IReplays
{
    /// <summary>Stores the new run and what it takes over; it is claimed once the caller's transaction commits.</summary>
    /// <returns>Also <c>run_not_found</c>, <c>node_not_found</c>, <c>run_not_failed</c> (redrive), <c>queue_full</c>, what the agent refuses, and an input that does not fit.</returns>
    Task<Result<ReplayedRun>> Start(ReplayTerms terms, CancellationToken ct);
}

/// <param name="IsRedrive">Everything that succeeded stands, whatever <paramref name="FromNode"/>.</param>
sealed record ReplayTerms(Guid Run, string? FromNode, string? Version, JsonElement? Input, bool IsRedrive);

/// <summary>Test runs of drafts.</summary>
interface IDraftRuns
{
    /// <summary>Stores the run and what stands in for its nodes; it is claimed once the caller's transaction commits.</summary>
    Task<Result<DraftRun>> Start(RunDraft terms, CancellationToken ct);
}

/// <summary>Bulk operations of the caller's tenant.</summary>
interface IBulkOperations
{
    Task<BulkView> Add(Guid id, string action, BulkFilter filter, string? reason, CancellationToken ct);

    Task<BulkView?> Find(Guid id, CancellationToken ct);

    /// <returns>Null when it has ended.</returns>
    Task<BulkView?> Cancel(Guid id, CancellationToken ct);

    /// <summary>Locks the operation for the rest of the transaction.</summary>
    /// <returns>Null when it has ended, or another node has it.</returns>
    Task<OpenBulk?> Take(Guid id, CancellationToken ct);

    /// <returns>How many runs the filter finds, counted up to <paramref name="atMost"/>.</returns>
    Task<int> Count(OpenBulk bulk, int atMost, CancellationToken ct);

    /// <returns>The next runs after the operation's position, in the order of their ids.</returns>
    Task<IReadOnlyList<Guid>> Next(OpenBulk bulk, int count, CancellationToken ct);

    /// <summary>Runs all of them again.</summary>
    /// <returns>How many could not be.</returns>
    Task<int> Replay(IReadOnlyList<Guid> runs, CancellationToken ct);

    Task Begin(Guid id, int total, CancellationToken ct);

    Task Advance(Guid id, Guid position, int done, int failed, CancellationToken ct);

    /// <param name="error">Null when it is done.</param>
    Task End(Guid id, Error? error, CancellationToken ct);
}

static class ControlRules
{
    public const int MaxReason = 1000;

    /// <summary>What people send into a run that is under way: payloads of signals and approvals.</summary>
    public const int MaxPayloadBytes = 256 * 1024;

    public static IEnumerable<FieldError> CheckReason(string? reason)
    {
        if (reason is { Length: > MaxReason })
        {
            yield return new FieldError("/reason", "too_long", $"A reason has at most {MaxReason} characters.");
        }
    }

    public static IEnumerable<FieldError> CheckPayload(JsonElement? payload)
    {
        if (payload is { } given && System.Text.Encoding.UTF8.GetByteCount(given.GetRawText()) > MaxPayloadBytes)
        {
            yield return new FieldError("/payload", "too_large", $"A payload has at most {MaxPayloadBytes} bytes.");
        }
    }

    /// <summary>Why a run that is not under way cannot be changed.</summary>
    public static async Task<Error> Refusal(this IRunControl control, Guid run, CancellationToken ct) =>
        await control.StatusOf(run, ct) is { } status ? ExecutionErrors.RunFinished(status) : ExecutionErrors.RunNotFound;
}
