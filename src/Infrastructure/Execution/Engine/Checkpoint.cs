using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What a former attempt stored of a step: its result, how many tries it has used, or that it waits.</summary>
/// <param name="Output">Null unless it succeeded.</param>
/// <param name="Error">Of the last try, when that failed.</param>
/// <param name="Attempts">Tries that ended; the next one counts on from here.</param>
/// <param name="Waiting">Null unless the step began and waits.</param>
sealed record Checkpoint(byte[]? Output, SkillError? Error, int Attempts, StoredStep? Waiting)
{
    /// <summary>How long the last try took; null where it has not ended.</summary>
    public TimeSpan? Took { get; init; }

    /// <summary>Null while the step may be tried again, or waits.</summary>
    public SkillOutcome? OutcomeOf(CompiledNode node)
    {
        if (Output is { } output)
        {
            return (SkillOutcome)Json.Read(output);
        }

        return Error is { } error && !Consents.IsAwaited(error) && !StepRunner.MayRetry(node.Retry, error, Attempts) ? (SkillOutcome)error : default(SkillOutcome?);
    }

    /// <summary>By the step's key. Of several attempts the last one counts.</summary>
    public static Dictionary<string, Checkpoint> Gather(IEnumerable<StoredStep> stored)
    {
        var checkpoints = new Dictionary<string, Checkpoint>(StringComparer.Ordinal);
        foreach (var step in stored)
        {
            switch (step.Status)
            {
                case "waiting":
                    checkpoints[step.Key] = new Checkpoint(null, null, step.Attempt - 1, step);
                    break;
                case "succeeded" or "failed" or "skipped":
                    checkpoints[step.Key] = new Checkpoint(step.Output, step.Error, step.Attempt, null) { Took = step.FinishedAt - step.StartedAt };
                    break;
            }
        }

        return checkpoints;
    }
}

/// <summary>A step as a former attempt of the run stored it.</summary>
sealed record StoredStep(
    int Sequence, string? Path, string NodeId, int Attempt, string Status, byte[]? Output, SkillError? Error, int RunAttempt, int StartedEvent, DateTimeOffset StartedAt)
{
    /// <summary>What its calls used: the run's sum goes on from here.</summary>
    public IReadOnlyList<SkillUsage> Usage { get; init; } = [];

    public DateTimeOffset? FinishedAt { get; init; }

    public string Key => Path is null ? NodeId : $"{Path}/{NodeId}";
}
