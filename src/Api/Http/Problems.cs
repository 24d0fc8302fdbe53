using System.Globalization;
using AgentPlatform.Domain.Shared;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api.Http;

/// <summary>The one place where refusals become RFC 9457 problem details.</summary>
public static class Problems
{
    public static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Malformed => StatusCodes.Status400BadRequest,
        ErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
        ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorKind.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
        ErrorKind.Invalid => StatusCodes.Status422UnprocessableEntity,
        ErrorKind.LimitReached => StatusCodes.Status429TooManyRequests,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>The problem as an endpoint's answer.</summary>
    public static IResult ToProblem(this Error error) => new ProblemResult(error, StatusOf(error.Kind));

    /// <summary>The problem under a status that routing has already chosen (405 has no kind of its own).</summary>
    public static IResult ToProblem(this Error error, int status) => new ProblemResult(error, status);

    static ProblemDetails Describe(Error error, int status)
    {
        var problem = new ProblemDetails
        {
            Type = $"urn:agentplatform:problem:{error.Code}",
            Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = error.Message,
            Extensions = { ["code"] = error.Code },
        };
        if (error.Fields.Count > 0)
        {
            problem.Extensions["errors"] = error.Fields;
        }

        if (error.Position is { } position)
        {
            problem.Extensions["position"] = position;
        }

        return problem;
    }

    sealed class ProblemResult(Error error, int status) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => status;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            if (error.RetryAfter is { } wait)
            {
                response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            }

            if (error.Kind is ErrorKind.Unauthenticated)
            {
                response.Headers.WWWAuthenticate = "Bearer";
            }

            return response.WriteAsJsonAsync(Describe(error, status), options: null, contentType: "application/problem+json", httpContext.RequestAborted);
        }
    }
}
