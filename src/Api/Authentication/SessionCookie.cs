using AgentPlatform.Domain.Tenants;

namespace AgentPlatform.Api.Authentication;

/// <summary>The cookie that carries a session's token: not for scripts, not for other sites' requests, and on https for https alone.</summary>
static class SessionCookie
{
    const string Name = "ap_session";

    public static SessionToken? Read(HttpContext http) => SessionToken.TryRead(http.Request.Cookies[Name], out var token) ? token : null;

    public static void Write(HttpContext http, SessionToken token)
    {
        http.Response.Cookies.Append(Name, token.Text, Options(http, TimeSpan.FromDays(30)));
        http.Response.Headers.CacheControl = "no-store";
    }

    public static void Delete(HttpContext http) => http.Response.Cookies.Delete(Name, Options(http, null));

    static CookieOptions Options(HttpContext http, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        Path = "/",
        MaxAge = maxAge,
        IsEssential = true,
    };
}
