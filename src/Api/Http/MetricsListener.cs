using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Observability;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AgentPlatform.Api.Http;

/// <summary>
/// Serves <c>GET /metrics</c> on addresses of its own (<c>Metrics__Urls</c>), apart from the API: what operators see needs no login then, and
/// can be kept from everybody else by not being reachable.
/// </summary>
sealed class MetricsListener(TelemetryExport export, TelemetryOptions options, ILogger<MetricsListener> log) : IHostedService, IAsyncDisposable
{
    WebApplication? server;

    /// <summary>Where it listens; empty when it does not.</summary>
    public IReadOnlyCollection<string> Addresses => server is null
        ? []
        : [.. server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.MetricsUrls is null)
        {
            return;
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(options.MetricsUrls).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 32;
            kestrel.Limits.MaxRequestBodySize = 0;
        });
        var app = builder.Build();
        app.Run(Answer);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            await app.DisposeAsync();
            throw new StartException($"Metrics__Urls is \"{options.MetricsUrls}\": {e.Message}", e);
        }

        server = app;
        log.LogInformation("Metrics are served on {Addresses}", string.Join(", ", Addresses));
    }

    public Task StopAsync(CancellationToken cancellationToken) => server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    Task Answer(HttpContext http)
    {
        if (http.Request.Path != "/metrics" || !HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return http.Response.WriteAsync(export.ReadMetrics(), http.RequestAborted);
    }
}
