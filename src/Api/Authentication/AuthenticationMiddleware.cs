using AgentPlatform.Api.Http;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Api.Authentication;

/// <summary>
/// Finds out who is calling, from an API key (<c>Authorization: Bearer ap_…</c>) or the session cookie, and fills the call context. A bearer
/// wins over a cookie. A wrong key is refused here; an ended session makes the caller anonymous, and the use case refuses if it must. Only the
/// API itself is guarded so: a webhook sender's headers mean something else.
/// </summary>
static class AuthenticationMiddleware
{
    const string CsrfHeader = "X-CSRF-Token";

    static readonly Error BadScheme = new(ErrorKind.Unauthenticated, "invalid_authorization", "Send the API key as: Authorization: Bearer ap_…");
    static readonly Error Csrf = new(ErrorKind.Forbidden, "csrf", $"Send the csrf_token of sign-up, login or GET /v1/me as {CsrfHeader}.");

    public static void UseCallerAuthentication(this WebApplication app) => app.Use(async (http, next) =>
    {
        var refusal = http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) || http.Request.Path.StartsWithSegments("/mcp", StringComparison.Ordinal)
            ? await Authenticate(http)
            : null;
        if (refusal is null)
        {
            await next(http);
        }
        else
        {
            await refusal.ToProblem().ExecuteAsync(http);
        }
    });

    /// <returns>The refusal, or null.</returns>
    static async Task<Error?> Authenticate(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<CredentialsIgnored>() is not null)
        {
            return null;
        }

        var mediator = http.RequestServices.GetRequiredService<IMediator>();
        if (http.Request.Headers.Authorization is { Count: > 0 } authorization)
        {
            return authorization.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var scheme, var key] && scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
                ? (await mediator.Send(new AuthenticateApiKey(key), http.RequestAborted)).Error
                : BadScheme;
        }

        if (SessionCookie.Read(http) is not { } token || !(await mediator.Send(new AuthenticateSession(token), http.RequestAborted)).IsOk)
        {
            return null;
        }

        // SameSite=Lax keeps other sites' forms out already; the token also stops what a subdomain or an old browser lets through.
        return IsSafe(http.Request.Method) || token.IsCsrfToken(http.Request.Headers[CsrfHeader]) ? null : Csrf;
    }

    static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}

/// <summary>On routes that nobody is signed in for (sign-up, login): a cookie or key that happens to come along is not looked at.</summary>
sealed class CredentialsIgnored;
