using System.Collections.Concurrent;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>The runs that this node executes right now: for those who watch or wait.</summary>
sealed class ActiveRuns
{
    readonly ConcurrentDictionary<Guid, RunExecution> runs = new();
    readonly ConcurrentQueue<AbandonedRun> abandoned = new();

    /// <summary>How many runs of each tenant; one that has none is not in it.</summary>
    readonly ConcurrentDictionary<Guid, int> tenants = new();

    /// <summary>Runs that somebody waits for here.</summary>
    readonly ConcurrentDictionary<Guid, TaskCompletionSource> awaited = new();

    public int Count => runs.Count;

    public IReadOnlyDictionary<Guid, int> Tenants => tenants;

    public void Add(RunExecution run)
    {
        runs[run.RunId] = run;
        tenants.AddOrUpdate(run.Plan.TenantId, 1, static (_, count) => count + 1);
        if (awaited.TryRemove(run.RunId, out var arrived))
        {
            arrived.TrySetResult();
        }
    }

    public void Remove(RunExecution run)
    {
        runs.TryRemove(new KeyValuePair<Guid, RunExecution>(run.RunId, run));
        if (tenants.AddOrUpdate(run.Plan.TenantId, 0, static (_, count) => count - 1) == 0)
        {
            tenants.TryRemove(KeyValuePair.Create(run.Plan.TenantId, 0));
        }
    }

    /// <summary>Completes as soon as this node takes the run up, or when the time is over.</summary>
    public async Task Arrival(Guid runId, TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        var arrived = awaited.GetOrAdd(runId, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            if (!runs.ContainsKey(runId))
            {
                await arrived.Task.WaitAsync(atMost, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ct.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            awaited.TryRemove(KeyValuePair.Create(runId, arrived));
        }
    }

    public RunExecution? Find(Guid runId) => runs.GetValueOrDefault(runId);

    /// <summary>The run could not be ended here: its lease is given back as soon as that is possible.</summary>
    /// <param name="isToBlame">Counts against the run as if it had taken a worker down; so one that can never be stored is not tried for ever.</param>
    public void Abandon(Guid runId, int attempt, NodeIdentity node, bool isToBlame) => abandoned.Enqueue(new(runId, attempt, node, isToBlame));

    public List<AbandonedRun> TakeAbandoned()
    {
        var taken = new List<AbandonedRun>();
        while (abandoned.TryDequeue(out var run))
        {
            taken.Add(run);
        }

        return taken;
    }
}

/// <summary>A run whose lease this node holds and that it does not execute.</summary>
sealed record AbandonedRun(Guid RunId, int Attempt, NodeIdentity Node, bool IsToBlame);
