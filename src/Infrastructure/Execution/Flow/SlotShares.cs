using System.Diagnostics;
using AgentPlatform.Infrastructure.Execution.Engine;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>
/// Who has taken more of this node's slots than its part while others wait. A claim that is fair by runs is not fair by time: a tenant whose runs take
/// an hour would come to hold every slot, one claim after another, and a run cannot be taken from it again.
/// </summary>
sealed class SlotShares(EngineOptions options, ActiveRuns active, Backlog backlog, FlowLimits limits)
{
    /// <summary>A node without a free slot asks every two milliseconds, and thousands of tenants may wait.</summary>
    static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(50);

    volatile Answer last = new([], 0);

    /// <summary>Tenants that are to take no slot now, because one that holds less than its part waits; empty when nobody does.</summary>
    public Guid[] Crowding()
    {
        if (Stopwatch.GetElapsedTime(last.At) > Fresh)
        {
            last = new(Find(), Stopwatch.GetTimestamp());
        }

        return last.Tenants;
    }

    Guid[] Find()
    {
        var held = active.Tenants;
        if (held.Count == 0)
        {
            return [];
        }

        var waiting = backlog.Ready();
        var parties = waiting.Union(held.Keys).ToDictionary(tenant => tenant, limits.WeightOf);
        var total = (double)parties.Values.Sum();
        return waiting.Exists(tenant => !HoldsItsPart(tenant)) ? [.. parties.Keys.Where(HoldsItsPart)] : [];

        bool HoldsItsPart(Guid tenant) => held.GetValueOrDefault(tenant) is var count and > 0 && count >= Math.Max(1, options.Slots * parties[tenant] / total);
    }

    sealed record Answer(Guid[] Tenants, long At);
}
