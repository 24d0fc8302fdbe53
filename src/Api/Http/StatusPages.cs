using AgentPlatform.Domain.Shared;
using Microsoft.AspNetCore.Diagnostics;

namespace AgentPlatform.Api.Http;

/// <summary>Gives a body to the answers that routing makes by itself: unknown paths, wrong methods, wrong media types.</summary>
static class StatusPages
{
    public static Task Explain(StatusCodeContext context)
    {
        var error = context.HttpContext.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new Error(ErrorKind.NotFound, "not_found", "There is nothing at this address."),
            StatusCodes.Status405MethodNotAllowed => new Error(ErrorKind.Malformed, "method_not_allowed", "This address does not know that method."),
            StatusCodes.Status415UnsupportedMediaType => new Error(ErrorKind.UnsupportedMediaType, "unsupported_media_type", "This address does not read that media type."),
            StatusCodes.Status400BadRequest => new Error(ErrorKind.Malformed, "malformed_request", "The request cannot be read; check the path and the query."),
            _ => null,
        };
        return error is null ? Task.CompletedTask : error.ToProblem(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext);
    }
}
