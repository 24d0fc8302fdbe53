using System.Diagnostics;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Runs that the next lost worker would condemn are tried one after another, each alone. A run that takes its worker down takes all others there with it, and begun
/// together again they would share its fate until all of them count as poison; begun apart, the guilty one dies without them. What is noted as tried, and nothing else that
/// is on its last chance, counts as lost with this node.
/// </summary>
sealed class LastChances(ActiveRuns active, TrialNotes notes, EngineOptions options)
{
    /// <summary>Beside those of <see cref="Claimer"/>.</summary>
    public const short Lane = 2;

    /// <summary>How long those wait that have to. They are claimed again after it.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(500);

    /// <summary>How long what is under way is waited for. What has not killed its worker by then mostly will not.</summary>
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    readonly Lock gate = new();

    /// <summary>Those that were tried and may still go on, the last one included.</summary>
    readonly List<Trial> open = [];

    volatile Trial? last;

    /// <summary>Whether one is to be tried alone, so that nothing else may begin here.</summary>
    public bool AreOn => last is { } trial && IsOn(trial);

    /// <summary>Where one is to be tried, nothing else may begin here from now until <see cref="Begun"/>, which must follow whatever becomes of it, and for the trial after it.</summary>
    /// <returns>Those that may begin at once (nearly always all), the one to be tried unless another one is, and those that have to wait.</returns>
    public (IReadOnlyList<ClaimedRun> Due, ClaimedRun? Tried, IReadOnlyList<ClaimedRun> Deferred) Choose(IReadOnlyList<ClaimedRun> claimed)
    {
        if (!claimed.Any(IsLast))
        {
            return (claimed, null, []);
        }

        var suspects = claimed.Where(IsLast).ToList();
        List<ClaimedRun> due = [.. claimed.Where(run => !IsLast(run))];
        lock (gate)
        {
            if (AreOn)
            {
                return (due, null, suspects);
            }

            last = new Trial(suspects[0].TenantId, suspects[0].RunId);
        }

        return (due, suspects[0], suspects[1..]);
    }

    /// <summary>Waits for what is under way, and notes who is tried.</summary>
    public async Task Open(NodeIdentity node, CancellationToken ct)
    {
        for (var since = Stopwatch.GetTimestamp(); active.Count > 0 && Stopwatch.GetElapsedTime(since) < Quiet;)
        {
            await Task.Delay(Look, ct);
        }

        (Guid, Guid)[] tried;
        lock (gate)
        {
            open.RemoveAll(trial => active.Find(trial.RunId) is null);
            open.Add(last!);
            tried = [.. open.Select(trial => (trial.TenantId, trial.RunId))];
        }

        await notes.Write(Lane, node, tried, ct);
    }

    public void Begun() => last!.Begin();

    /// <summary>Whether it is still to begin, or began a moment ago and goes on.</summary>
    bool IsOn(Trial trial) => trial.Began is not { } began || (Stopwatch.GetElapsedTime(began) < options.Trial && active.Find(trial.RunId) is not null);

    bool IsLast(ClaimedRun run) => run.LostWorkers == options.LastChance;

    sealed class Trial(Guid tenantId, Guid runId)
    {
        long began;

        public Guid TenantId => tenantId;

        public Guid RunId => runId;

        public long? Began => Volatile.Read(ref began) is var at and not 0 ? at : null;

        public void Begin() => Volatile.Write(ref began, Stopwatch.GetTimestamp());
    }
}
