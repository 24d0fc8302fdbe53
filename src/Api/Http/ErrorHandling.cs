using AgentPlatform.Domain.Shared;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace AgentPlatform.Api.Http;

/// <summary>Answers for what is thrown: refusals found while reading a request, an unreachable database, and bugs.</summary>
sealed class ErrorHandling(ILogger<ErrorHandling> log) : IExceptionHandler
{
    static readonly Error Broken = new((ErrorKind)(-1), "internal", "Something went wrong on our side; nothing was stored. The request id helps to find it in the logs.");

    static readonly Error NoDatabase = new(ErrorKind.Unavailable, "database_unavailable", "The database cannot be reached right now; try again shortly.")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            // The caller has left; nobody reads an answer.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var error = exception switch
        {
            RefusedException refused => refused.Error,
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new Error(ErrorKind.TooLarge, "too_large", "The body is too large."),
            BadHttpRequestException bad => new Error(ErrorKind.Malformed, "malformed_request", Plain(bad)),
            NpgsqlException { IsTransient: true } => NoDatabase,
            NpgsqlException { InnerException: TimeoutException or IOException or System.Net.Sockets.SocketException } => NoDatabase,
            _ => Broken,
        };

        if (error == Broken)
        {
            log.LogError(exception, "Request {RequestId} failed: {Method} {Path}", httpContext.TraceIdentifier, httpContext.Request.Method, httpContext.Request.Path);
        }
        else if (error == NoDatabase)
        {
            log.LogWarning(exception, "The database is unavailable");
        }

        await error.ToProblem().ExecuteAsync(httpContext);
        return true;
    }

    static string Plain(BadHttpRequestException bad) => bad.Message.StartsWith("Failed to bind parameter", StringComparison.Ordinal)
        ? "A parameter in the path or the query has the wrong form."
        : bad.Message;
}
