using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace AgentPlatform.Infrastructure.Shared.Observability;

/// <summary>
/// Collects when asked, and only then. It stands in for OpenTelemetry's own exporter of this format: of that no version can be had
/// beside ours, and all that is left to do here is to write the text.
/// </summary>
[ExportModes(ExportModes.Pull)]
sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    const int PatienceMs = 5000;

    readonly Lock gate = new();
    string text = "";

    /// <summary>Set by the reader that this exporter belongs to.</summary>
    public Func<int, bool>? Collect { get; set; }

    public string Read()
    {
        lock (gate)
        {
            return Collect is { } collect && collect(PatienceMs) ? text : throw new InvalidOperationException("The metrics could not be collected.");
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        text = PrometheusText.Write(batch);
        return ExportResult.Success;
    }
}
