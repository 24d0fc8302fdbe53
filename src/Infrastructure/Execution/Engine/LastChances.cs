using System.Diagnostics;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// Runs that the next lost worker would condemn begin one after another. A run that takes its worker down takes all others there with it, and begun together
/// again they would share its fate until all of them count as poison; begun apart, the guilty one dies without them.
/// </summary>
sealed class LastChances(ActiveRuns active, EngineOptions options)
{
    readonly Lock gate = new();
    Guid tried;
    long began;

    /// <returns>False when the run has to wait for another one's trial.</returns>
    public bool TryBegin(ClaimedRun run)
    {
        if (run.LostWorkers == 0 || run.LostWorkers < options.MaxLostWorkers - 1)
        {
            return true;
        }

        lock (gate)
        {
            if (active.Find(tried) is not null && Stopwatch.GetElapsedTime(began) < options.Trial)
            {
                return false;
            }

            (tried, began) = (run.RunId, Stopwatch.GetTimestamp());
            return true;
        }
    }
}
