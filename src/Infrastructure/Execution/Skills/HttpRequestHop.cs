using System.Net;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>The request as it stands at one hop of a call: what a redirect changes about it, and what it must not take along.</summary>
sealed class HttpRequestHop
{
    readonly HttpRequestInput _input;
    readonly EgressPolicy _policy;
    string _method;
    bool _hasBody;
    bool _leftOrigin;

    /// <summary>The first hop.</summary>
    /// <exception cref="EgressRefusedException">The URL is malformed or not allowed.</exception>
    public HttpRequestHop(HttpRequestInput input, EgressPolicy policy)
    {
        _input = input;
        _policy = policy;
        _method = input.Method;
        _hasBody = input.Body is not null;
        Url = Allowed(EgressUrl.Parse(WithQuery(input.Url, input.Query), policy));
    }

    public Uri Url { get; private set; }

    public int Redirects { get; private set; }

    public static bool IsRedirect(HttpStatusCode status) => status
        is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>Moves on to where the answer points, as the fetch standard does it.</summary>
    /// <exception cref="EgressRefusedException">The target is malformed, not allowed, or gives up the encryption.</exception>
    public void Redirect(HttpStatusCode status, string location)
    {
        var target = Allowed(EgressUrl.ParseRedirect(Url, location, _policy));
        if (Url.Scheme == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp)
            throw new EgressRefusedException(EgressRefusal.SchemeNotAllowed, $"{Url.IdnHost} redirects from https to http, which would send the call unencrypted.");

        // Once a call has been elsewhere, coming back does not bring its credentials back: the other host chose the way.
        _leftOrigin |= Url.Scheme != target.Scheme || Url.IdnHost != target.IdnHost || Url.Port != target.Port;
        var toGet = status == HttpStatusCode.SeeOther
            ? _method is not ("GET" or "HEAD")
            : status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found && _method == "POST";
        if (toGet)
        {
            _method = "GET";
            _hasBody = false;
        }

        Url = target;
        Redirects++;
    }

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(new HttpMethod(_method), Address())
        {
            Version = HttpVersion.Version11,
            Content = _hasBody ? new ReadOnlyMemoryContent(_input.Body!.Value)
                : _method is "POST" or "PUT" or "PATCH" ? new ByteArrayContent([])
                : null,
        };

        foreach (var (name, value) in Headers())
        {
            // Authors' headers were refused when they were read; this is for a credential that was stored wrongly.
            if (!HttpRequestHeaders.IsName(name) || !HttpRequestHeaders.IsValue(value))
                throw new InvalidOperationException("A header's name or value holds characters that would change the request.");
            // What the request does not take is a header about the body, which is dropped where there is no body.
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        if (_hasBody && !message.Content!.Headers.Contains("Content-Type"))
            message.Content.Headers.TryAddWithoutValidation("Content-Type", _input.BodyType);
        if (_input.IdempotencyKey is { } key && _method is "POST" or "PUT" or "PATCH" or "DELETE" && !message.Headers.Contains("Idempotency-Key"))
            message.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (!message.Headers.Contains("User-Agent"))
            message.Headers.TryAddWithoutValidation("User-Agent", "AgentPlatform");
        return message;
    }

    Uri Allowed(Uri url) => _input.MayCall?.Invoke(url.IdnHost) ?? true
        ? url
        : throw new EgressRefusedException(EgressRefusal.HostNotListed, $"{url.IdnHost} is not one of the hosts that may be called.");

    IEnumerable<KeyValuePair<string, string>> Headers()
    {
        if (_leftOrigin)
            return _input.Headers.Where(header => HttpRequestHeaders.MayLeaveOrigin(header.Key));
        if (_input.CredentialHeaders.Count == 0)
            return _input.Headers;
        var names = _input.CredentialHeaders.Select(header => header.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return _input.Headers.Where(header => !names.Contains(header.Key)).Concat(_input.CredentialHeaders);
    }

    /// <summary>With the part of the path that a credential puts in front, where its API knows no header for it. It is in no URL that anybody is told.</summary>
    Uri Address() =>
        _leftOrigin || _input.Credential?.PathPrefix is not { } prefix ? Url : new Uri(Url.GetLeftPart(UriPartial.Authority) + prefix + Url.PathAndQuery);

    static string WithQuery(string url, IReadOnlyList<KeyValuePair<string, string>> query)
    {
        if (query.Count == 0)
            return url;
        var added = string.Join('&', query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        var fragment = url.IndexOf('#', StringComparison.Ordinal);
        var bare = fragment < 0 ? url : url[..fragment];
        var separator = !bare.Contains('?', StringComparison.Ordinal) ? "?" : bare[^1] is '?' or '&' ? "" : "&";
        return bare + separator + added;
    }
}
