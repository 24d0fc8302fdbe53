using System.Diagnostics;
using System.Net;
using AgentPlatform.Application.Shared;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>
/// The span of one hop, and the trace's id on its way to the peer. Of the address only the host is told: paths and queries carry tokens.
/// What else belongs to our trace (<c>tracestate</c>, baggage) is nothing of a peer's.
/// </summary>
static class HttpRequestTrace
{
    const string Header = "traceparent";

    public static Activity? Begin(HttpRequestMessage request)
    {
        var span = Telemetry.Source.HasListeners() ? Telemetry.Source.StartActivity(request.Method.Method, ActivityKind.Client) : null;
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("http.request.method", request.Method.Method);
            span.SetTag("server.address", request.RequestUri!.IdnHost);
            span.SetTag("server.port", request.RequestUri.Port);
        }

        // An author who sets it knows of a trace that we do not.
        if (Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } here && !request.Headers.Contains(Header))
        {
            request.Headers.TryAddWithoutValidation(Header, here.Id);
        }

        return span;
    }

    public static void End(Activity? span, HttpStatusCode status)
    {
        span?.SetTag("http.response.status_code", (int)status);
        if ((int)status >= 400)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }
    }
}
