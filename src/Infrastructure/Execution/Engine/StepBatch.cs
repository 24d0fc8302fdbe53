using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Steps to be stored, apart: those that are new, and those that stand in the table as waiting and have ended.</summary>
sealed class StepBatch
{
    readonly List<(RunExecution Run, StepRecord Step)> former = [];
    readonly List<(RunExecution Run, StepRecord Step)> tools = [];

    public StepBatch(IEnumerable<(RunExecution Run, List<StepRecord> Steps)> runs)
    {
        foreach (var (run, steps) in runs)
        {
            foreach (var step in steps)
            {
                (step.IsStoredAsWaiting ? former : New).Add((run, step));
                if (step.Tool is not null)
                {
                    tools.Add((run, step));
                }
            }
        }
    }

    public List<(RunExecution Run, StepRecord Step)> New { get; } = [];

    /// <summary>There is more to write than new steps. Rare: only of runs that have waited, and of those whose models call tools.</summary>
    public bool HasMore => former.Count > 0 || tools.Count > 0;

    /// <param name="held">Runs that the same transaction proved to be this node's.</param>
    public void WriteMore(NpgsqlConnection connection, HashSet<Guid> held)
    {
        if (former.FindAll(entry => held.Contains(entry.Run.RunId)) is { Count: > 0 } ours)
        {
            StepColumns.Update(connection, ours);
        }

        if (tools.Count > 0)
        {
            ToolExecutions.Store(connection, tools.Where(entry => held.Contains(entry.Run.RunId)));
        }
    }
}
