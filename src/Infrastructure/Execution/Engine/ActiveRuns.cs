using System.Collections.Concurrent;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>The runs that this node executes right now: for those who watch or wait.</summary>
sealed class ActiveRuns
{
    readonly ConcurrentDictionary<Guid, RunExecution> runs = new();
    readonly ConcurrentDictionary<Guid, Guid> abandoned = new();

    public int Count => runs.Count;

    public void Add(RunExecution run) => runs[run.RunId] = run;

    public void Remove(RunExecution run) => runs.TryRemove(new KeyValuePair<Guid, RunExecution>(run.RunId, run));

    public RunExecution? Find(Guid runId) => runs.GetValueOrDefault(runId);

    /// <summary>The run could not be ended here (the database was away): its lease is given back as soon as that is possible.</summary>
    public void Abandon(RunExecution run) => abandoned[run.RunId] = run.Plan.TenantId;

    public IReadOnlyDictionary<Guid, Guid> TakeAbandoned()
    {
        var taken = new Dictionary<Guid, Guid>();
        foreach (var (runId, tenantId) in abandoned)
        {
            if (abandoned.TryRemove(runId, out _))
            {
                taken[runId] = tenantId;
            }
        }

        return taken;
    }
}
