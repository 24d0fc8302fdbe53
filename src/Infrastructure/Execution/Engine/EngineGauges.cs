using System.Diagnostics.Metrics;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Observability;
using Microsoft.Extensions.Hosting;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// What operators read off this node when they look. The queue is the same for all nodes, so only schedulers speak of it: added up over
/// nodes it would be wrong.
/// </summary>
sealed class EngineGauges(NodeMeter node, NodeRoles roles, ActiveRuns active, RunSlots slots, QueueProbe probe) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = node.Meter;
        meter.CreateObservableGauge("runs.active", () => active.Count, "{run}", "Runs that this node executes.");
        meter.CreateObservableGauge("slots.busy", () => slots.Busy, "{slot}", "Slots that are taken.");
        meter.CreateObservableGauge("slots.free", () => slots.Free, "{slot}", "Slots that are free.");
        if (roles.IsScheduler)
        {
            meter.CreateObservableGauge("queue.depth", Depth, "{run}", "Runs in the queue: queued wait for a worker, running are leased to one, parked wait for something else or are paused.");
            meter.CreateObservableGauge("queue.oldest_age", () => probe.Current.OldestAge.TotalSeconds, "s", "For how long the run that waits longest for a worker could have been started.");
            meter.CreateObservableGauge("runs.stuck", () => probe.Current.Stuck, "{run}", "Runs held for more than two leases by a node that is not alive. Anything but 0 is an alarm.");
            meter.CreateObservableGauge("nodes.alive", () => probe.Current.Nodes, "{node}", "Nodes that hold a lease.");
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    IEnumerable<Measurement<long>> Depth()
    {
        var now = probe.Current;
        yield return State(now.Queued, "queued");
        yield return State(now.Running, "running");
        yield return State(now.Parked, "parked");
    }

    static Measurement<long> State(long count, string state) => new(count, new KeyValuePair<string, object?>("state", state));
}
