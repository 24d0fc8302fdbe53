using AgentPlatform.Application.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AgentPlatform.Infrastructure.Shared.Observability;

/// <summary>
/// Listens to the platform's instruments and spans for as long as the program runs, and hands them to a collector (OTLP, by OpenTelemetry's
/// standard variables) and to <c>/metrics</c>. Where neither is wanted it listens to nothing.
/// </summary>
public sealed class TelemetryExport(TelemetryOptions options, IConfiguration configuration) : IHostedService, IDisposable
{
    readonly PrometheusExporter? prometheus = options.MetricsUrls is null ? null : new PrometheusExporter();
    MeterProvider? meters;
    TracerProvider? tracers;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.HasCollector)
        {
            tracers = Traces();
        }

        if (options.HasCollector || prometheus is not null)
        {
            meters = Metrics();
        }

        return Task.CompletedTask;
    }

    /// <summary>Sends what is left, within the time that the host gives.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(Dispose, CancellationToken.None);

    /// <summary>All metrics as they are now, in Prometheus' text format.</summary>
    /// <exception cref="InvalidOperationException">They are not wanted by the configuration.</exception>
    public string ReadMetrics() => (prometheus ?? throw new InvalidOperationException("Metrics__Urls is not set.")).Read();

    public void Dispose()
    {
        Interlocked.Exchange(ref tracers, null)?.Dispose();
        Interlocked.Exchange(ref meters, null)?.Dispose();
    }

    TracerProvider Traces() => Sdk.CreateTracerProviderBuilder()
        .ConfigureServices(services => services.AddSingleton(configuration))
        .SetResourceBuilder(Node())
        .AddSource(Telemetry.Name, "Microsoft.AspNetCore")
        .AddOtlpExporter()
        .Build();

    MeterProvider Metrics()
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(Node())
            .AddMeter(Telemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql")
            // Of the database's client the pools: a measurement per statement would be paid on every hot path.
            .AddView(instrument => instrument.Meter.Name == "Npgsql" && !instrument.Name.StartsWith("db.client.connection", StringComparison.Ordinal) ? MetricStreamConfiguration.Drop : null);
        if (options.HasCollector)
        {
            builder.AddOtlpExporter();
        }

        if (prometheus is not null)
        {
            builder.AddReader(new BaseExportingMetricReader(prometheus) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative });
        }

        return builder.Build();
    }

    /// <summary>The environment's <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> come last and so win.</summary>
    static ResourceBuilder Node() => ResourceBuilder.CreateEmpty()
        .AddService("agentplatform", serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}")
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}
