using System.Diagnostics;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Runs that the next lost worker would condemn begin one after another. A run that takes its worker down takes all others there with it, and begun together
/// again they would share its fate until all of them count as poison; begun apart, the guilty one dies without them.
/// </summary>
sealed class LastChances(ActiveRuns active, EngineOptions options)
{
    /// <summary>How long those wait that have to. They are claimed again after it, and for that moment they are held.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(500);

    /// <summary>Between the word that a run may begin and its being seen to be under way.</summary>
    static readonly TimeSpan Beginning = TimeSpan.FromMilliseconds(250);

    readonly Lock gate = new();
    Guid tried;
    long began;

    /// <returns>Those that have to wait for another one's trial. Nearly always none.</returns>
    public IReadOnlyList<ClaimedRun> Defer(IReadOnlyList<ClaimedRun> claimed)
    {
        if (!claimed.Any(IsLast))
        {
            return [];
        }

        var suspects = claimed.Where(IsLast).ToList();
        lock (gate)
        {
            if (!IsTrying)
            {
                (tried, began) = (suspects[0].RunId, Stopwatch.GetTimestamp());
                suspects.RemoveAt(0);
            }
        }

        return suspects;
    }

    bool IsTrying => Stopwatch.GetElapsedTime(began) is var since && since < options.Trial && (since < Beginning || active.Find(tried) is not null);

    bool IsLast(ClaimedRun run) => run.LostWorkers > 0 && run.LostWorkers == options.MaxLostWorkers - 1;
}
