using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Shared.Observability;

/// <summary>Who is told about this node. Where nobody is, no instrument is listened to and no span is made.</summary>
/// <param name="MetricsUrls"><c>Metrics__Urls</c>: where <c>/metrics</c> is served, apart from everything else; null is nowhere.</param>
/// <param name="HasCollector">Whether OpenTelemetry's own variables name a collector to send to.</param>
public sealed record TelemetryOptions(string? MetricsUrls, bool HasCollector)
{
    /// <exception cref="StartException">An address is not one.</exception>
    public static TelemetryOptions From(IConfiguration configuration) => new(Urls(configuration["Metrics:Urls"]), HasEndpoint(configuration));

    static string? Urls(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        foreach (var url in text.Split(';', StringSplitOptions.TrimEntries))
        {
            // A listener may be named by a wildcard, which is no host to a URI.
            if (!Uri.TryCreate(url.Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal), UriKind.Absolute, out var address)
                || address.Scheme != Uri.UriSchemeHttp || address.AbsolutePath != "/")
            {
                throw new StartException($"Metrics__Urls is \"{text}\"; it takes addresses such as http://127.0.0.1:9464, with semicolons between them.");
            }
        }

        return text;
    }

    static bool HasEndpoint(IConfiguration configuration) =>
        configuration["OTEL_SDK_DISABLED"] is not "true" && configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };
}
