using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>A run's end, as it is stored and as a waiting caller gets it. JSON values are UTF-8.</summary>
sealed record FinishedRun(RunExecution Execution, RunStatus Status, byte[]? Output, byte[]? Error, string? FailedNode, int StepsCompleted, DateTimeOffset FinishedAt, List<StepRecord> Steps);

/// <summary>What a former attempt stored of a node: its result, or how many tries it has used.</summary>
/// <param name="Output">Null unless it succeeded.</param>
/// <param name="Error">Of the last try, when it failed for good.</param>
/// <param name="Attempts">Tries that ended; the next one counts on from here.</param>
sealed record Checkpoint(byte[]? Output, SkillError? Error, int Attempts)
{
    /// <summary>Null while the node may be tried again.</summary>
    public SkillOutcome? Outcome
    {
        get
        {
            if (Output is { } output)
            {
                return (SkillOutcome)Json.Read(output);
            }

            return Error is { } error ? (SkillOutcome)error : default(SkillOutcome?);
        }
    }
}
