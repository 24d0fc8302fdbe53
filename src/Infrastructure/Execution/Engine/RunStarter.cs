using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Execution.Flow;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>The last stretch that all ways to start a run share: the input's schema, back-pressure, the intake, the start.</summary>
sealed class RunStarter(Intake intake, FlowStarter limited, RunExecutor executor, Backlog backlog, RunSlots slots, EngineOptions options)
{
    public async Task<Result<StartedRun>> Start(NewRun run)
    {
        if (Faults(run) is { } faults)
        {
            return faults;
        }

        if (backlog.Total >= options.MaxQueueDepth)
        {
            EngineMetrics.Rejected.Add(1, new KeyValuePair<string, object?>("reason", "queue_full"));
            return ExecutionErrors.IntakeFull;
        }

        if (backlog.Of(run.Plan.TenantId) >= run.Plan.Queue.MaxQueued)
        {
            EngineMetrics.Rejected.Add(1, new KeyValuePair<string, object?>("reason", "tenant_queue_full"));
            return ExecutionErrors.TenantQueueFull;
        }

        if (FlowStarter.Concerns(run))
        {
            return await limited.Start(run);
        }

        await RunAhead(run);
        if (!intake.TryAccept(run, out var accepting))
        {
            EngineMetrics.Rejected.Add(1, new KeyValuePair<string, object?>("reason", "intake_full"));
            return ExecutionErrors.IntakeFull;
        }

        var answer = await accepting;
        if (answer.Outcome is IntakeOutcome.KeyReused)
        {
            return ExecutionErrors.KeyReused;
        }

        Began(run, answer);
        return new StartedRun(answer.RunId, answer.Outcome is IntakeOutcome.Replayed, answer.Execution?.Finished.Task, answer.Execution?.Responded?.Task);
    }

    /// <summary>A child of a run under way: it belongs to what was accepted before, so no limit of the queue stops it.</summary>
    /// <returns>Its end, when it is over already; or why it cannot be.</returns>
    public async Task<(FinishedRun? Ended, Error? Refusal)> StartChild(NewRun run)
    {
        if (Faults(run) is { } faults)
        {
            return (null, faults with { Message = $"The input does not fit the agent: {faults.Fields[0].Pointer} {faults.Fields[0].Message}" });
        }

        if (FlowStarter.Concerns(run))
        {
            return (null, await limited.StartChild(run));
        }

        await RunAhead(run);
        var answer = await intake.Accept(run);
        Began(run, answer);
        return (answer.Outcome is IntakeOutcome.Accepted ? run.Ended : null, null);
    }

    /// <summary>A pure graph is over in microseconds: it is run here, and then stored at its end.</summary>
    async ValueTask RunAhead(NewRun run)
    {
        // It takes no slot: where all are taken by others it need not wait for one, unless its tenant has sent more than could be taken.
        if (run.Plan is { IsBrief: true, IsPaused: false } && slots.AreOpen && (slots.Free > 0 || !backlog.HasReady(run.Plan.TenantId)))
        {
            run.Ended = await executor.RunAhead(run);
        }
    }

    void Began(NewRun run, IntakeAnswer answer)
    {
        if (answer.Outcome is not IntakeOutcome.Accepted)
        {
            return;
        }

        EngineMetrics.Accepted.Add(1);
        if (run.Ended is { } ended)
        {
            EngineMetrics.Finished.Add(1, new KeyValuePair<string, object?>("status", ended.Status.ToText()));
        }

        if (answer.Execution is { } execution)
        {
            executor.Start(execution);
        }
    }

    /// <summary>An agent without a schema takes anything: its input is not even looked at.</summary>
    static Error? Faults(NewRun run) =>
        run.Plan.InputSchema is not null && run.Plan.InputFaults(run.InputValue.ToJsonElement()) is { Count: > 0 } faults ? Error.Invalid(faults) : null;
}
