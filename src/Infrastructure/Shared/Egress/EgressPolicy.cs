using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Shared.Egress;

/// <summary>What outgoing calls may reach: the public internet, without this machine itself, and what the operator listed in <c>Egress__Allow</c>.</summary>
public sealed class EgressPolicy
{
    public const string ConfigurationKey = "Egress:Allow";

    /// <summary>Longer is a mistake or an attack: browsers and servers stop at 8 KiB too.</summary>
    public const int MaxUrlLength = 8_192;

    static readonly char[] ListSeparators = [',', ' ', '\t', '\r', '\n', ';'];

    readonly IPNetwork[] _allowedNetworks;
    readonly HashSet<string> _allowedHosts;
    readonly HashSet<IPAddress> _own;

    EgressPolicy(IPNetwork[] networks, HashSet<string> hosts, IEnumerable<IPAddress> own)
    {
        _allowedNetworks = networks;
        _allowedHosts = hosts;
        _own = [.. own];
    }

    /// <summary>Reads <c>Egress__Allow</c>: one text with commas or spaces, or an array (<c>Egress__Allow__0</c>, …).</summary>
    /// <exception cref="StartException">A value is neither a network nor a host name; the message is one sentence for the operator.</exception>
    public static EgressPolicy FromConfiguration(IConfiguration configuration)
    {
        var section = configuration.GetSection(ConfigurationKey);
        var values = section.GetChildren().Select(child => child.Value).Prepend(section.Value);
        return Create(values.SelectMany(value => value?.Split(ListSeparators, StringSplitOptions.RemoveEmptyEntries) ?? []), OwnAddresses());
    }

    /// <summary>The policy of an allow-list and of the machine that it runs on.</summary>
    /// <param name="allow">CIDR networks, single addresses or host names.</param>
    /// <param name="own">This machine's addresses, public ones too: a call to ourselves would come in from a trusted place.</param>
    /// <exception cref="StartException">As in <see cref="FromConfiguration"/>.</exception>
    public static EgressPolicy Create(IEnumerable<string> allow, IEnumerable<IPAddress> own)
    {
        var networks = new List<IPNetwork>();
        var hosts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in allow)
        {
            if (TryReadNetwork(entry, out var network))
                networks.Add(network);
            else if (IsHostName(entry))
                hosts.Add(entry.ToLowerInvariant());
            else
                throw new StartException(
                    $"Egress__Allow holds '{entry}', which is neither a network in CIDR form (10.1.0.0/16), nor an IP address, nor a host name (build.example.com) without scheme, port or wildcard.");
        }

        return new([.. networks], hosts, own);
    }

    /// <summary>Whether a call may be connected to this address.</summary>
    /// <remarks>An IPv4 address in IPv6 clothing is refused whatever it holds: no resolver of ours answers so, and the framework's networks
    /// judge such an address by its last four bytes.</remarks>
    public bool IsAllowed(IPAddress address) =>
        !address.IsIPv4MappedToIPv6
        && (AddressClass.ContainsAny(_allowedNetworks, address) || (AddressClass.IsPublic(address) && !_own.Contains(address)));

    /// <summary>Whether a call to this host may be connected to this address, which the host's name resolved to.</summary>
    public bool IsAllowed(string host, IPAddress address) =>
        IsAllowed(address)
        || (_allowedHosts.Contains(Normalise(host)) && !address.IsIPv4MappedToIPv6 && !AddressClass.IsMetadata(address));

    /// <summary>Whether any port of this host may be called: the operator named it, by name or by network.</summary>
    internal bool IsListed(string host) =>
        _allowedHosts.Contains(Normalise(host))
        || (IPAddress.TryParse(host, out var address) && AddressClass.ContainsAny(_allowedNetworks, address));

    static string Normalise(string host) => host.TrimEnd('.').ToLowerInvariant();

    static bool TryReadNetwork(string entry, out IPNetwork network)
    {
        // The framework takes 10.0.0.1/8 for 10.0.0.0/8; whoever wrote it may have meant the one address, so the operator has to say it.
        if (IPNetwork.TryParse(entry, out network))
            return IPAddress.TryParse(entry.AsSpan(0, entry.IndexOf('/', StringComparison.Ordinal)), out var start) && start.Equals(network.BaseAddress);
        // 127.1 and 0x7f000001 are addresses to the framework; in a configuration they are a mistake waiting to be misread.
        if (!IPAddress.TryParse(entry, out var address) || (!entry.Contains(':') && address.ToString() != entry))
            return false;
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    static bool IsHostName(string entry) =>
        Uri.CheckHostName(entry) == UriHostNameType.Dns
        && entry.All(char.IsAscii)
        && !entry.EndsWith('.')
        && !entry.Split('.')[^1].All(char.IsAsciiDigit);

    static IEnumerable<IPAddress> OwnAddresses() =>
        from card in NetworkInterface.GetAllNetworkInterfaces()
        from unicast in card.GetIPProperties().UnicastAddresses
        select unicast.Address;
}
