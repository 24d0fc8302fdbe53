using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>The last stretch that all ways to start a run share: the input's schema, back-pressure, the intake, the start.</summary>
sealed class RunStarter(Intake intake, RunExecutor executor, Claimer claimer, EngineOptions options)
{
    public async Task<Result<StartedRun>> Start(NewRun run)
    {
        if (run.Plan.InputSchema is { } schema && !Fits(schema, run.InputValue, out var faults))
        {
            return faults;
        }

        if (claimer.Waiting >= options.MaxQueueDepth)
        {
            EngineMetrics.Rejected.Add(1, new KeyValuePair<string, object?>("reason", "queue_full"));
            return ExecutionErrors.IntakeFull;
        }

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

        if (answer.Outcome is IntakeOutcome.Accepted)
        {
            EngineMetrics.Accepted.Add(1);
        }

        if (answer.Execution is { } execution)
        {
            executor.Start(execution);
        }

        return new StartedRun(answer.RunId, answer.Outcome is IntakeOutcome.Replayed, answer.Execution?.Finished.Task);
    }

    static bool Fits(Domain.Shared.JsonSchema.CompiledSchema schema, Datum input, out Error faults)
    {
        var problems = schema.Validate(input.ToJsonElement());
        faults = Error.Invalid([.. problems.Select(problem => new FieldError($"/input{problem.InstancePointer}", "input_invalid", problem.Message))]);
        return problems.Count == 0;
    }
}
