using System.Buffers;
using System.Collections.Frozen;
using System.Net;

namespace AgentPlatform.Infrastructure.Shared.Egress;

/// <summary>The part of the guard that needs no network: what a URL looks like. Where it leads is decided by address when the call connects.</summary>
public static class EgressUrl
{
    /// <summary>Ports of protocols that can be spoken to, or made to misbehave, through an HTTP request: the list of the WHATWG fetch standard's
    /// "bad ports", and of databases, caches, brokers and machine control.</summary>
    static readonly FrozenSet<int> RefusedPorts = FrozenSet.ToFrozenSet(
    [
        1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119,
        123, 135, 137, 138, 139, 143, 161, 162, 179, 389, 427, 445, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601,
        636, 873, 989, 990, 993, 995, 1433, 1521, 1719, 1720, 1723, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190, 5060, 5061,
        5432, 5433, 5672, 5900, 5984, 6000, 6379, 6432, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 9042, 9092, 10080, 10250, 11211, 27017, 27018,
        50000, 61613,
    ]);

    /// <summary>What URL parsers disagree about: white space and control characters, which some drop, and the backslash, which some read as a slash.</summary>
    static readonly SearchValues<char> Ambiguous = SearchValues.Create(
        [.. Enumerable.Range(0, 0x21).Select(c => (char)c), '\\', .. Enumerable.Range(0x7f, 0x22).Select(c => (char)c)]);

    /// <summary>Parses and checks an absolute URL.</summary>
    /// <exception cref="EgressRefusedException">The URL is malformed or not allowed.</exception>
    public static Uri Parse(string? text, EgressPolicy policy)
    {
        CheckText(text);
        if (Create(() => Uri.TryCreate(text, UriKind.Absolute, out var parsed) ? parsed : null) is not { } url)
            throw new EgressRefusedException(EgressRefusal.InvalidUrl, "The URL is not an absolute http or https URL.");
        Check(url, policy);
        return url;
    }

    /// <summary>Resolves what a <c>Location</c> header says against the URL that answered, and checks it in the same way.</summary>
    /// <exception cref="EgressRefusedException">The target is malformed or not allowed.</exception>
    public static Uri ParseRedirect(Uri from, string location, EgressPolicy policy)
    {
        CheckText(location);
        if (Create(() => Uri.TryCreate(from, location, out var parsed) ? parsed : null) is not { } url)
            throw new EgressRefusedException(EgressRefusal.InvalidUrl, "The redirect leads to something that is not a URL.");
        Check(url, policy);
        return url;
    }

    /// <summary>The framework's parser reads past the end of some texts, such as two slashes and a bidirectional control, instead of refusing them.</summary>
    static Uri? Create(Func<Uri?> parse)
    {
        try
        {
            return parse();
        }
        catch (IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Checks a URL that is already parsed: scheme, userinfo, host, port.</summary>
    /// <exception cref="EgressRefusedException">The URL is not allowed.</exception>
    public static void Check(Uri url, EgressPolicy policy)
    {
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            throw new EgressRefusedException(EgressRefusal.SchemeNotAllowed, "Only http and https URLs can be called.");
        if (url.UserInfo.Length > 0 || HasAtSignInAuthority(url.OriginalString))
            throw new EgressRefusedException(EgressRefusal.UserinfoNotAllowed, "The URL holds a user name or password; use a credential instead.");
        if (url.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6) || !HasValidHost(url))
            throw new EgressRefusedException(EgressRefusal.InvalidUrl, "The URL's host is not a valid host name.");
        if (url.Port == 0 || (RefusedPorts.Contains(url.Port) && !policy.IsListed(HostOf(url))))
            throw new EgressRefusedException(EgressRefusal.PortNotAllowed, $"Port {url.Port} of {url.IdnHost} is not for HTTP and cannot be called.");
        if (url.HostNameType == UriHostNameType.Dns)
            return;
        if (url.HostNameType == UriHostNameType.IPv4 && !IsPlainAddress(url))
            throw new EgressRefusedException(EgressRefusal.InvalidUrl, "An IPv4 address in a URL is written as four decimal numbers without leading zeros.");
        if (!IPAddress.TryParse(HostOf(url), out var address) || !policy.IsAllowed(address))
            throw AddressRefused(url.IdnHost);
    }

    internal static EgressRefusedException AddressRefused(string host) => new(
        EgressRefusal.AddressNotAllowed,
        $"{host} is not on the public internet and not on the operator's allow-list.");

    /// <summary>The framework parses some hosts first and refuses to name them later.</summary>
    static bool HasValidHost(Uri url)
    {
        try
        {
            return url.IdnHost.Length is > 0 and <= 255;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }

    /// <summary>010.0.0.1 is one address to one program and another to the next, and so are 0x8080808 and 134744072.</summary>
    static bool IsPlainAddress(Uri url)
    {
        var text = url.OriginalString.AsSpan();
        var start = text.IndexOf("//", StringComparison.Ordinal) + 2;
        return start >= 2 && text[start..].StartsWith(url.Host, StringComparison.Ordinal) && (text.Length == start + url.Host.Length || text[start + url.Host.Length] is ':' or '/' or '?' or '#');
    }

    static string HostOf(Uri url) => url.IdnHost.Trim('[', ']');

    /// <summary>"http://@host" has an empty userinfo, which the parser drops, and which other programs read in other ways.</summary>
    static bool HasAtSignInAuthority(string text)
    {
        var start = text.IndexOf("//", StringComparison.Ordinal);
        if (start < 0)
            return false;
        var authority = text.AsSpan(start + 2);
        var end = authority.IndexOfAny('/', '?', '#');
        return (end < 0 ? authority : authority[..end]).Contains('@');
    }

    static void CheckText(string? text)
    {
        if (string.IsNullOrEmpty(text))
            throw new EgressRefusedException(EgressRefusal.InvalidUrl, "The URL is empty.");
        if (text.Length > EgressPolicy.MaxUrlLength)
            throw new EgressRefusedException(EgressRefusal.InvalidUrl, $"The URL is longer than {EgressPolicy.MaxUrlLength} characters.");
        if (text.AsSpan().ContainsAny(Ambiguous))
            throw new EgressRefusedException(EgressRefusal.InvalidUrl, "The URL holds a space, a control character or a backslash; escape it.");
    }
}
