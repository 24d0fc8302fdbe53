using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>The ways in which a call can fail, with their codes, classes and sentences.</summary>
static class HttpRequestErrors
{
    /// <summary>Bytes of an error's body that its detail holds.</summary>
    public const int ExcerptLength = 2_048;

    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    public static SkillError Status(int status, string url, ReadOnlySpan<byte> body, TimeSpan? retryAfter)
    {
        var retryable = status is 408 or 425 or 429 || (status >= 500 && status is not (501 or 505));
        var detail = JsonSerializer.SerializeToElement(new { status, url, body = HttpRequestBody.Excerpt(body) });
        return new(
            "http_status",
            $"The server answered with status {status.ToString(CultureInfo.InvariantCulture)}.",
            status == 429 ? SkillErrorClass.TooManyRequests : status >= 500 ? SkillErrorClass.ServerStatus : SkillErrorClass.ClientStatus,
            retryable,
            retryAfter,
            detail);
    }

    public static SkillError TooManyRedirects(int limit) => new(
        "too_many_redirects",
        $"The call was redirected more than {limit.ToString(CultureInfo.InvariantCulture)} times.",
        SkillErrorClass.Limit,
        Retryable: false);

    public static SkillError TooLarge(int limit) => new(
        "response_too_large",
        $"The response is larger than {limit.ToString(CultureInfo.InvariantCulture)} bytes after decompression.",
        SkillErrorClass.Limit,
        Retryable: false);

    public static SkillError NotJson(string excerpt) => new(
        "invalid_json",
        "The response is not JSON that can be stored: malformed, deeper than 32 levels, with repeated names, or with text that is not valid Unicode.",
        SkillErrorClass.InvalidResponse,
        Retryable: false,
        Detail: JsonSerializer.SerializeToElement(new { body = excerpt }));

    /// <summary>Null for what is no failure of the call but a mistake of ours, which must surface as an exception.</summary>
    public static SkillError? From(Exception exception, bool timedOut, TimeSpan timeout) => exception switch
    {
        EgressRefusedException refused => Refused(refused),
        // A timeout shows as whatever the stack was doing when it was cut.
        OperationCanceledException or HttpRequestException or IOException when timedOut => Timeout(
            "timeout", $"The call did not finish within {timeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)} ms."),
        OperationCanceledException => Timeout("connect_timeout", "The server did not accept the connection in time."),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new(
            "response_headers_too_large", "The response's headers are larger than 64 KiB.", SkillErrorClass.Limit, Retryable: false),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } or HttpRequestException { InnerException: HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } } =>
            Network("name_not_resolved", "The host's name could not be resolved."),
        HttpRequestException { InnerException: AuthenticationException } or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            Network("tls_failed", "No trusted TLS connection to the server could be made.") with { Retryable = false },
        HttpRequestException { InnerException: SocketException } or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
            Network("connection_failed", "The server could not be reached."),
        InvalidDataException => new(
            "invalid_encoding", "The response's compressed body is damaged.", SkillErrorClass.InvalidResponse, Retryable: true),
        HttpRequestException or IOException => Network("connection_broken", "The connection ended, or was not HTTP, before the response was complete."),
        _ => null,
    };

    static SkillError Refused(EgressRefusedException refused) => new(
        refused.Code,
        refused.Message,
        refused.Code == EgressRefusal.InvalidUrl ? SkillErrorClass.InvalidInput : SkillErrorClass.Egress,
        Retryable: false);

    static SkillError Timeout(string code, string message) => new(code, message, SkillErrorClass.Timeout, Retryable: true);

    static SkillError Network(string code, string message) => new(code, message, SkillErrorClass.Network, Retryable: true);
}
