using System.Diagnostics.Metrics;
using AgentPlatform.Application.Shared;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>
/// What operators watch of the engine; exported under the platform's meter. Labels are few and known in advance: no tenant, agent or run
/// is ever one, and a skill is named by what executes it and not by what its author called it.
/// </summary>
static class EngineMetrics
{
    static readonly InstrumentAdvice<double> Latencies = new() { HistogramBucketBoundaries = [0.5, 1, 2, 3, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 60_000] };

    static readonly InstrumentAdvice<double> Durations = new() { HistogramBucketBoundaries = [0.1, 0.5, 1, 5, 10, 50, 100, 500, 1000, 5000, 30_000, 120_000, 300_000] };

    static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] };

    public static readonly Counter<long> Accepted = Telemetry.Meter.CreateCounter<long>("runs.accepted", "{run}", "Runs stored durably.");

    public static readonly Counter<long> Rejected = Telemetry.Meter.CreateCounter<long>("runs.rejected", "{run}", "Runs refused for the time being, by reason.");

    public static readonly Counter<long> Skipped = Telemetry.Meter.CreateCounter<long>("runs.skipped", "{run}", "Deliveries that made no run because as many as may go on did.");

    public static readonly Counter<long> Finished = Telemetry.Meter.CreateCounter<long>("runs.finished", "{run}", "Runs that reached a final state here, by status.");

    public static readonly Counter<long> Parked = Telemetry.Meter.CreateCounter<long>("runs.parked", "{run}", "Runs that were laid down to wait, by status.");

    public static readonly Counter<long> Abandoned = Telemetry.Meter.CreateCounter<long>("runs.abandoned", "{run}", "Runs that this node gave up, to be taken up again.");

    public static readonly Counter<long> LeasesLost = Telemetry.Meter.CreateCounter<long>("node.leases_lost", "{lease}", "Times that this node found its lease expired.");

    public static readonly Counter<long> Recovered = Telemetry.Meter.CreateCounter<long>("runs.recovered", "{run}", "Runs taken over from nodes whose lease ran out.");

    public static readonly Counter<long> Announced = Telemetry.Meter.CreateCounter<long>("broker.announced", "{run}", "Runs announced through the message broker.");

    public static readonly Counter<long> TakenInVain = Telemetry.Meter.CreateCounter<long>("broker.in_vain", "{message}", "Messages for runs that were not to be taken any more.");

    public static readonly Counter<long> BrokerFailures = Telemetry.Meter.CreateCounter<long>("broker.failures", "{session}", "Sessions with the message broker that broke or could not be begun.");

    public static readonly Counter<long> TakenDirectly = Telemetry.Meter.CreateCounter<long>("broker.bypassed", "{run}", "Runs taken from the database because the broker did not answer.");

    public static readonly Histogram<double> StartLatency = Telemetry.Meter.CreateHistogram(
        "runs.start_latency", "ms", "From the commit of the acceptance to the start of the first step.", tags: null, advice: Latencies);

    public static readonly Histogram<double> StepDuration = Telemetry.Meter.CreateHistogram(
        "steps.duration", "ms", "Attempts at steps, by skill and status.", tags: null, advice: Durations);

    public static readonly Histogram<int> ClaimSize = Telemetry.Meter.CreateHistogram("claims.size", "{run}", "Runs that one claim took from the queue.", tags: null, advice: Sizes);

    public static readonly Histogram<int> CommitSize = Telemetry.Meter.CreateHistogram(
        "commits.size", "{item}", "Items of one group commit, by what was written.", tags: null, advice: Sizes);

    public static readonly Histogram<double> CommitDuration = Telemetry.Meter.CreateHistogram(
        "commits.duration", "ms", "Group commits, by what was written.", tags: null, advice: Latencies);

    public static readonly Histogram<double> CommitWait = Telemetry.Meter.CreateHistogram(
        "commits.wait", "ms", "How long the first item of a group commit waited for it to begin, by what was written.", tags: null, advice: Latencies);
}
