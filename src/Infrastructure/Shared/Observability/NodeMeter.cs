using System.Diagnostics.Metrics;
using AgentPlatform.Application.Shared;

namespace AgentPlatform.Infrastructure.Shared.Observability;

/// <summary>The meter of what is watched on this node rather than counted: its gauges read the node's objects, and end with them.</summary>
sealed class NodeMeter : IDisposable
{
    public NodeMeter() => Meter = new Meter(new MeterOptions(Telemetry.Name) { Scope = this });

    public Meter Meter { get; }

    public void Dispose() => Meter.Dispose();
}
