using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Api.Http;

/// <summary>Maps a use case's result to HTTP: one line in each endpoint.</summary>
public static class Answers
{
    public static IResult ToOk<T>(this Result<T> result) => result.IsOk ? TypedResults.Ok(result.Value) : result.Error.ToProblem();

    /// <summary>200 with an <c>ETag</c>, for what people edit.</summary>
    public static IResult ToOk<T>(this Result<T> result, HttpContext http, Func<T, DateTimeOffset> updatedAt)
    {
        if (!result.IsOk)
        {
            return result.Error.ToProblem();
        }

        http.Response.Headers.ETag = ETags.Of(updatedAt(result.Value));
        return TypedResults.Ok(result.Value);
    }

    /// <summary>201 with <c>Location</c>.</summary>
    public static IResult ToCreated<T>(this Result<T> result, Func<T, string> location) =>
        result.IsOk ? TypedResults.Created(location(result.Value), result.Value) : result.Error.ToProblem();

    public static IResult ToAccepted<T>(this Result<T> result, Func<T, string> location) =>
        result.IsOk ? TypedResults.Accepted(location(result.Value), result.Value) : result.Error.ToProblem();

    public static IResult ToNoContent<T>(this Result<T> result) => result.IsOk ? TypedResults.NoContent() : result.Error.ToProblem();
}
