using System.Net;
using System.Net.Sockets;

namespace AgentPlatform.Infrastructure.Shared.Egress;

/// <summary>Which addresses lie on the public internet. Everything else is refused by default: an address is judged by what it is, not by
/// whether someone thought of it.</summary>
/// <remarks>Source: IANA's special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its updates).</remarks>
static class AddressClass
{
    static readonly IPNetwork[] SpecialV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),          // this host on this network
        IPNetwork.Parse("10.0.0.0/8"),         // private
        IPNetwork.Parse("100.64.0.0/10"),      // carrier-grade NAT; Alibaba's metadata service is 100.100.100.200
        IPNetwork.Parse("127.0.0.0/8"),        // loopback
        IPNetwork.Parse("169.254.0.0/16"),     // link-local; most clouds' metadata service is 169.254.169.254
        IPNetwork.Parse("172.16.0.0/12"),      // private
        IPNetwork.Parse("192.0.0.0/24"),       // protocol assignments; Oracle's metadata service was 192.0.0.192
        IPNetwork.Parse("192.0.2.0/24"),       // documentation
        IPNetwork.Parse("192.88.99.0/24"),     // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"),     // private
        IPNetwork.Parse("198.18.0.0/15"),      // benchmarks
        IPNetwork.Parse("198.51.100.0/24"),    // documentation
        IPNetwork.Parse("203.0.113.0/24"),     // documentation
        IPNetwork.Parse("224.0.0.0/4"),        // multicast
        IPNetwork.Parse("240.0.0.0/4"),        // reserved, and broadcast
        IPNetwork.Parse("168.63.129.16/32"),   // Azure's metadata and health service, on a public address
    ];

    /// <summary>Global unicast, as far as it is handed out. So ::/96 (compatible), ::ffff:0:0/96 (mapped), 64:ff9b::/96 and 64:ff9b:1::/48 (NAT64),
    /// 100::/64 (discard), 5f00::/16, fc00::/7 (unique local, with fd00:ec2::254), fe80::/10, fec0::/10 and ff00::/8 are out without being named.</summary>
    static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    static readonly IPNetwork[] SpecialV6 =
    [
        IPNetwork.Parse("2001::/23"),          // protocol assignments: Teredo, benchmarks, ORCHID, ORCHIDv2, AMT
        IPNetwork.Parse("2001:db8::/32"),      // documentation
        IPNetwork.Parse("2002::/16"),          // 6to4: an IPv4 address inside
        IPNetwork.Parse("3ffe::/16"),          // 6bone, returned
        IPNetwork.Parse("3fff::/20"),          // documentation
    ];

    static readonly IPNetwork[] Metadata =
    [
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("100.100.100.200/32"),
        IPNetwork.Parse("168.63.129.16/32"),
        IPNetwork.Parse("192.0.0.192/32"),
        IPNetwork.Parse("fd00:ec2::/32"),      // Amazon's service addresses; metadata is fd00:ec2::254
        IPNetwork.Parse("fe80::/10"),
    ];

    public static bool IsPublic(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return !ContainsAny(SpecialV4, address);
        return address.AddressFamily == AddressFamily.InterNetworkV6
            && address.ScopeId == 0
            && GlobalV6.Contains(address)
            && !ContainsAny(SpecialV6, address)
            && !IsIsatap(address);
    }

    /// <summary>Where clouds answer with credentials: not opened by a host name on the allow-list, only by naming the network itself.</summary>
    public static bool IsMetadata(IPAddress address) => ContainsAny(Metadata, address);

    public static bool ContainsAny(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        for (var i = 0; i < networks.Count; i++)
        {
            if (networks[i].Contains(address))
                return true;
        }

        return false;
    }

    /// <summary>ISATAP (RFC 5214) hides an IPv4 address behind any global prefix: interface ids 0000:5efe and 0200:5efe.</summary>
    static bool IsIsatap(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return (bytes[8] & 0xfc) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
    }
}
