using System.Net;

namespace AgentPlatform.Api.Mcp;

/// <summary>
/// Which pages may call <c>/mcp</c> from a browser. A program sends no <c>Origin</c>. A page of our own origin may, unless its name was only made to point at this machine
/// (DNS rebinding); other pages if the operator lists them in <c>Mcp__AllowedOrigins</c>.
/// </summary>
sealed class McpOrigins(IConfiguration configuration)
{
    readonly HashSet<string> allowed = [.. (configuration["Mcp:AllowedOrigins"] ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)];

    public bool Allow(HttpContext http)
    {
        var given = http.Request.Headers.Origin;
        if (given.Count == 0)
        {
            return true;
        }

        if (given.Count > 1 || allowed.Contains(given.ToString()))
        {
            return given.Count == 1;
        }

        return Uri.TryCreate(given.ToString(), UriKind.Absolute, out var origin)
            && string.Equals(origin.Authority, http.Request.Host.Value, StringComparison.OrdinalIgnoreCase)
            && (!IPAddress.IsLoopback(http.Connection.LocalIpAddress ?? IPAddress.Loopback) || origin.IsLoopback);
    }
}
