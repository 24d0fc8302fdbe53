using System.Diagnostics.Metrics;
using AgentPlatform.Application.Shared;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What operators watch of the engine; exported by OpenTelemetry under the platform's meter.</summary>
static class EngineMetrics
{
    public static readonly Counter<long> Accepted = Telemetry.Meter.CreateCounter<long>("runs.accepted", "{run}", "Runs stored durably.");

    public static readonly Counter<long> Finished = Telemetry.Meter.CreateCounter<long>("runs.finished", "{run}", "Runs that reached a final state here, by status.");

    public static readonly Counter<long> Abandoned = Telemetry.Meter.CreateCounter<long>("runs.abandoned", "{run}", "Runs that this node gave up, to be taken up again.");

    public static readonly Counter<long> LeasesLost = Telemetry.Meter.CreateCounter<long>("node.leases_lost", "{lease}", "Times that this node found its lease expired.");

    public static readonly Counter<long> Recovered = Telemetry.Meter.CreateCounter<long>("runs.recovered", "{run}", "Runs taken over from nodes whose lease ran out.");

    public static readonly Histogram<double> StartLatency = Telemetry.Meter.CreateHistogram<double>("runs.start_latency", "ms", "From the commit of the acceptance to the start of the first step.");
}
