using System.Diagnostics.Metrics;
using AgentPlatform.Application.Shared;

namespace AgentPlatform.Infrastructure.Execution.Schedules;

static class ScheduleMetrics
{
    public static readonly Counter<long> Skipped = Telemetry.Meter.CreateCounter<long>("schedules.skipped", "{fire}", "Times that got no run, by reason.");

    static readonly Counter<long> FiredCount = Telemetry.Meter.CreateCounter<long>("schedules.fired", "{fire}", "Times that got their run.");

    static readonly Histogram<double> Lateness = Telemetry.Meter.CreateHistogram(
        "schedules.lateness", "ms", "From the time that a schedule names to when it was noticed.", tags: null,
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [10, 50, 100, 250, 500, 1000, 1500, 2500, 5000, 10_000, 60_000, 600_000, 3_600_000] });

    public static void Fired(TimeSpan late)
    {
        FiredCount.Add(1);
        Lateness.Record(late.TotalMilliseconds);
    }
}
