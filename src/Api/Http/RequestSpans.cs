using System.Diagnostics;

namespace AgentPlatform.Api.Http;

/// <summary>
/// Gives the server's span of a request its name and facts. The route stands for the path: addresses of webhooks and ids in them are
/// nothing that a collector should hold.
/// </summary>
static class RequestSpans
{
    public static void UseRequestSpans(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (Activity.Current is not { IsAllDataRequested: true } span)
        {
            await next(http);
            return;
        }

        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? http.Request.Method : $"{http.Request.Method} {route}";
        span.SetTag("http.request.method", http.Request.Method);
        span.SetTag("http.route", route);
        await next(http);
        span.SetTag("http.response.status_code", http.Response.StatusCode);
        if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    });
}
