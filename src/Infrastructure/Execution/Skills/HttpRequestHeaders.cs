using System.Buffers;
using System.Collections.Frozen;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>Which request headers an author may set, and which of them may travel to another host.</summary>
static class HttpRequestHeaders
{
    static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Hop-by-hop headers, and those by which a request could be cut in two or be taken for another one.</summary>
    static readonly FrozenSet<string> Refused = FrozenSet.ToFrozenSet(
        [
            "host", "content-length", "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
            "transfer-encoding", "upgrade", "expect", "http2-settings",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>What a redirect to another origin keeps. A list of what is harmless: credentials come under too many names
    /// (<c>X-Api-Key</c>, <c>PRIVATE-TOKEN</c>, …) for a list of what is not.</summary>
    static readonly FrozenSet<string> Harmless = FrozenSet.ToFrozenSet(
        [
            "accept", "accept-encoding", "accept-language", "cache-control", "content-encoding", "content-language", "content-type", "if-match",
            "if-modified-since", "if-none-match", "if-unmodified-since", "pragma", "range", "user-agent", "idempotency-key",
        ],
        StringComparer.OrdinalIgnoreCase);

    public static bool IsRefused(string name) => Refused.Contains(name);

    public static bool MayLeaveOrigin(string name) => Harmless.Contains(name);

    public static bool IsName(string name) => name.Length is > 0 and <= 256 && !name.AsSpan().ContainsAnyExcept(TokenCharacters);

    /// <summary>Printable ASCII and tab: no CR, LF or NUL, by which a value could become another header.</summary>
    public static bool IsValue(string value) =>
        value.Length <= HttpRequestInput.MaxHeaderValueLength && !value.AsSpan().ContainsAnyExceptInRange('\t', '~')
        && !value.AsSpan().ContainsAnyInRange('\n', '\x1f');
}
