using System.Security.Cryptography;
using System.Text;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Api.Http;

/// <summary>Fills the call context with what every request carries: where it comes from, its id, its idempotency key.</summary>
static class RequestContext
{
    const int MaxKeyLength = 255;

    public static void UseRequestContext(this WebApplication app) => app.Use((http, next) =>
    {
        var call = http.RequestServices.GetRequiredService<CallContext>();
        call.Ip = http.Connection.RemoteIpAddress?.ToString();
        call.UserAgent = http.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null;
        http.Response.Headers["X-Request-Id"] = http.TraceIdentifier;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.Headers.TryGetValue("Idempotency-Key", out var keys))
        {
            call.IdempotencyKey = Check(keys.ToString());
            call.RequestHash = Hash(http, []);
            http.Response.OnStarting(() =>
            {
                if (call.Replayed)
                {
                    http.Response.Headers["Idempotent-Replayed"] = "true";
                }

                return Task.CompletedTask;
            });
        }

        return next(http);
    });

    /// <summary>The hash that tells whether a repeated key comes with the same request: method, address and body.</summary>
    public static byte[] Hash(HttpContext http, ReadOnlySpan<byte> body) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n"), .. body]);

    static string Check(string key) => key.Length is > 0 and <= MaxKeyLength && key.All(c => c is > ' ' and <= '~')
        ? key
        : throw new RefusedException(new Error(ErrorKind.Malformed, "invalid_idempotency_key", $"An Idempotency-Key has 1 to {MaxKeyLength} printable ASCII characters."));
}
