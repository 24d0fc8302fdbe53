using AgentPlatform.Application.Shared;

namespace AgentPlatform.Api.Http;

/// <summary>The <c>If-Match</c> header of a change: the instant that the caller saw, or null where none is sent.</summary>
public readonly record struct IfMatch(DateTimeOffset? UpdatedAt)
{
    public static ValueTask<IfMatch> BindAsync(HttpContext context)
    {
        var seen = ETags.Parse(context.Request.Headers.IfMatch.ToString());
        return seen.IsOk ? ValueTask.FromResult(new IfMatch(seen.Value)) : throw new RefusedException(seen.Error);
    }
}
