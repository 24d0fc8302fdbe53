using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Execution.Engine;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>Starts a run that its trigger, its agent or its tenant's plan limits.</summary>
sealed class FlowStarter(FlowIntake intake)
{
    public static bool Concerns(NewRun run) => run.Flow is not null || !run.Plan.Queue.AreFree;

    public async Task<Result<StartedRun>> Start(NewRun run)
    {
        var demand = run.Flow?.Of(run.InputValue) ?? FlowDemand.None;
        if (!demand.IsOk)
        {
            return demand.Error;
        }

        var lines = string.Join(' ', demand.Value.Line is { } line ? [line, .. run.Plan.Queue.Lines] : run.Plan.Queue.Lines);
        if (!intake.TryAccept(new FlowRun(run, demand.Value, lines.Length > 0 ? lines : null), out var accepting))
        {
            EngineMetrics.Rejected.Add(1, new KeyValuePair<string, object?>("reason", "intake_full"));
            return ExecutionErrors.IntakeFull;
        }

        var answer = await accepting;
        switch (answer.Outcome)
        {
            case FlowAnswer.KeyReused:
                return ExecutionErrors.KeyReused;
            case FlowAnswer.Refused:
                EngineMetrics.Rejected.Add(1, new KeyValuePair<string, object?>("reason", "rate_limited"));
                return ExecutionErrors.RateLimited(answer.RetryAfter ?? TimeSpan.FromSeconds(1));
            case FlowAnswer.Skipped:
                EngineMetrics.Skipped.Add(1);
                return new StartedRun(Guid.Empty, IsReplay: false, Finished: null) { IsSkipped = true };
            case FlowAnswer.Accepted:
                EngineMetrics.Accepted.Add(1);
                break;
        }

        return new StartedRun(answer.RunId, answer.Outcome is FlowAnswer.Replayed, Finished: null);
    }

    /// <returns>Why the child cannot be; null when it stands in line.</returns>
    public async Task<Error?> StartChild(NewRun run)
    {
        var started = await Start(run);
        return started.IsOk ? null : started.Error;
    }
}
