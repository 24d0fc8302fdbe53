using System.Net;
using System.Text.RegularExpressions;

namespace AgentPlatform.Domain.Integrations;

/// <summary>
/// Hosts that a credential may be sent to: <c>api.example.com</c>, <c>*.example.com</c> (everything below, not the name itself), an IP address; with
/// <c>:port</c> that port only. Names are compared as DNS does, in their ASCII form.
/// </summary>
public static partial class HostPattern
{
    public const string Rule = "A host is a name (api.example.com), a name with all below it (*.example.com) or an IP address, in lower case, with a port where only that one is meant; no scheme and no path.";

    public static bool IsValid(string? pattern)
    {
        if (pattern is not { Length: >= 1 and <= 255 })
        {
            return false;
        }

        if (IPAddress.TryParse(pattern.Trim('[', ']'), out var bare) && pattern.Contains(':'))
        {
            // An IPv6 address with a port has brackets, one without has none.
            return pattern == bare.ToString();
        }

        var (host, port) = Split(pattern);
        return (port is null || (ushort.TryParse(port, out var number) && number > 0 && port[0] != '0'))
            && (IPAddress.TryParse(host, out var address) ? address.ToString() == host : Name().IsMatch(host) && !char.IsAsciiDigit(host[host.LastIndexOf('.') + 1]));
    }

    /// <param name="patterns">Valid ones.</param>
    public static bool Covers(IReadOnlyList<string> patterns, Uri url)
    {
        var host = url.IdnHost.Trim('[', ']').TrimEnd('.').ToLowerInvariant();
        foreach (var pattern in patterns)
        {
            var (name, port) = Split(pattern);
            var fits = name.StartsWith("*.", StringComparison.Ordinal)
                ? url.HostNameType is UriHostNameType.Dns && host.Length > name.Length - 1 && host.EndsWith(name[1..], StringComparison.Ordinal)
                : host == name;
            if (fits && (port is null || int.Parse(port, System.Globalization.CultureInfo.InvariantCulture) == url.Port))
            {
                return true;
            }
        }

        return false;
    }

    static (string Host, string? Port) Split(string pattern)
    {
        var colon = pattern.LastIndexOf(':');
        if (colon < 0 || (pattern[0] != '[' && pattern.IndexOf(':', StringComparison.Ordinal) != colon))
        {
            return (pattern.Trim('[', ']'), null);
        }

        return pattern[^1] == ']' ? (pattern.Trim('[', ']'), null) : (pattern[..colon].Trim('[', ']'), pattern[(colon + 1)..]);
    }

    // Two labels at least behind a star: nobody owns everything below .com. One label alone is a host of the operator's own network.
    [GeneratedRegex(@"^(?:\*\.(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?|(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
