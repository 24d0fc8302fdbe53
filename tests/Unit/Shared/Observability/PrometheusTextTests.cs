using System.Diagnostics.Metrics;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Observability;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace AgentPlatform.Unit.Shared.Observability;

public sealed class PrometheusTextTests
{
    [Test]
    public void Every_kind_of_instrument_is_written_as_the_format_wants_it()
    {
        using var meter = new Meter($"test.{TestContext.CurrentContext.Test.ID}");
        using var exporter = new PrometheusExporter();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(meter.Name).AddReader(new BaseExportingMetricReader(exporter)).Build();
        meter.CreateCounter<long>("things.made", "{thing}", "Back\\slash and\nline.").Add(3, new KeyValuePair<string, object?>("the.kind", "a\"b\\c\nd"));
        meter.CreateUpDownCounter<int>("things.open").Add(-2);
        meter.CreateObservableGauge("heap", () => 1.5, "By", "Size.");
        var histogram = meter.CreateHistogram("wait", "ms", "Wait.", tags: null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 10] });
        histogram.Record(0.5);
        histogram.Record(5, new KeyValuePair<string, object?>("of", "x"));
        histogram.Record(500, new KeyValuePair<string, object?>("of", "x"));

        Assert.That(exporter.Read(), Is.EqualTo("""
            # HELP heap_bytes Size.
            # TYPE heap_bytes gauge
            heap_bytes 1.5
            # HELP things_made_total Back\\slash and\nline.
            # TYPE things_made_total counter
            things_made_total{the_kind="a\"b\\c\nd"} 3
            # HELP things_open 
            # TYPE things_open gauge
            things_open -2
            # HELP wait_milliseconds Wait.
            # TYPE wait_milliseconds histogram
            wait_milliseconds_bucket{le="1"} 1
            wait_milliseconds_bucket{le="10"} 1
            wait_milliseconds_bucket{le="+Inf"} 1
            wait_milliseconds_sum 0.5
            wait_milliseconds_count 1
            wait_milliseconds_bucket{of="x",le="1"} 0
            wait_milliseconds_bucket{of="x",le="10"} 1
            wait_milliseconds_bucket{of="x",le="+Inf"} 2
            wait_milliseconds_sum{of="x"} 505
            wait_milliseconds_count{of="x"} 2

            """));
    }

    [TestCase(null, ExpectedResult = null)]
    [TestCase(" ", ExpectedResult = null)]
    [TestCase("http://127.0.0.1:9464", ExpectedResult = "http://127.0.0.1:9464")]
    [TestCase("http://*:9464; http://[::1]:9465", ExpectedResult = "http://*:9464; http://[::1]:9465")]
    public string? Addresses_for_metrics_are_taken_as_the_server_takes_them(string? urls) => TelemetryOptions.From(With("Metrics:Urls", urls)).MetricsUrls;

    [TestCase("9464")]
    [TestCase("https://127.0.0.1:9464")]
    [TestCase("http://127.0.0.1:9464/metrics")]
    [TestCase("http://127.0.0.1:9464;")]
    public void Other_texts_stop_the_start(string urls) =>
        Assert.That(() => TelemetryOptions.From(With("Metrics:Urls", urls)), Throws.TypeOf<StartException>().With.Message.StartsWith("Metrics__Urls is"));

    [TestCase("http://collector:4317", null, ExpectedResult = true)]
    [TestCase("http://collector:4317", "true", ExpectedResult = false)]
    [TestCase(null, null, ExpectedResult = false)]
    public bool A_collector_is_told_only_where_one_is_named(string? endpoint, string? disabled) =>
        TelemetryOptions.From(With("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint, "OTEL_SDK_DISABLED", disabled)).HasCollector;

    static IConfiguration With(string key, string? value, string other = "x", string? otherValue = null) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [key] = value, [other] = otherValue }).Build();
}
