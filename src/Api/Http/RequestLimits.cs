using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AgentPlatform.Api.Http;

/// <summary>What the web server itself refuses, before any of our code sees the request.</summary>
static class RequestLimits
{
    /// <summary>A body may take this long to arrive, however slowly it drips.</summary>
    public static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(30);

    public static void Apply(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = 2 * 1024 * 1024;
        options.Limits.MaxRequestLineSize = 8 * 1024;
        options.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        options.Limits.MaxRequestHeaderCount = 100;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        options.Limits.MaxConcurrentConnections = 10_000;
    }
}
