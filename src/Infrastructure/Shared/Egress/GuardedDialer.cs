using System.Net;
using System.Net.Sockets;

namespace AgentPlatform.Infrastructure.Shared.Egress;

/// <summary>Resolves a host name to all of its addresses.</summary>
public delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken ct);

/// <summary>Opens a connection to one address.</summary>
public delegate ValueTask<Stream> DialAddress(IPEndPoint endpoint, CancellationToken ct);

/// <summary>Opens connections to hosts that a tenant named: HTTP goes through <see cref="GuardedHttp"/>, whatever else speaks for tenants dials here.</summary>
/// <remarks>
/// The decision falls on the address at the moment of connecting, and the connection goes to that very address, so there is no time between check and
/// use in which a name could change its answer. Of several answers only the permitted ones are used: refusing the whole answer would lock out hosts
/// behind DNS64, whose public IPv4 address comes with a synthesised one, and would make nothing safer.
/// </remarks>
public sealed class GuardedDialer
{
    /// <summary>The share of each address but the last, so that one dead address leaves time for the next.</summary>
    static readonly TimeSpan ShareOfOne = TimeSpan.FromSeconds(2.5);

    /// <summary>A name with hundreds of answers must not make us knock at hundreds of doors.</summary>
    const int MaxAddressesTried = 4;

    readonly ResolveHost _resolve;
    readonly DialAddress _dial;

    public GuardedDialer(EgressPolicy policy)
        : this(policy, static (host, ct) => Dns.GetHostAddressesAsync(host, ct), Dial)
    {
    }

    /// <summary>With another resolver or dialler, so that tests can play DNS and watch what would be connected.</summary>
    public GuardedDialer(EgressPolicy policy, ResolveHost resolve, DialAddress dial) => (Policy, _resolve, _dial) = (policy, resolve, dial);

    public EgressPolicy Policy { get; }

    /// <summary>A connection to the host, at an address that may be called. How long that may take is the caller's to say.</summary>
    /// <param name="host">A name or an address, IPv6 with or without brackets.</param>
    /// <exception cref="EgressRefusedException">None of its addresses may be called.</exception>
    /// <exception cref="HttpRequestException">There is no such host.</exception>
    /// <exception cref="SocketException">It could not be reached.</exception>
    public async ValueTask<Stream> Connect(string host, int port, CancellationToken ct)
    {
        var allowed = new List<IPAddress>();
        foreach (var address in await Addresses(host, ct))
        {
            if (Policy.IsAllowed(host, address))
                allowed.Add(address);
        }

        if (allowed.Count == 0)
            throw EgressUrl.AddressRefused(host);

        // IPv4 first: where one of the two families is broken, it is nearly always IPv6.
        allowed.Sort(static (a, b) => a.AddressFamily.CompareTo(b.AddressFamily));
        return await DialFirst(allowed, port, ct);
    }

    async Task<IPAddress[]> Addresses(string host, CancellationToken ct)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
            return [literal];
        try
        {
            return await _resolve(host, ct);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // The resolver takes some texts that are hosts to a URL for wrong arguments; to the caller both mean that there is no such host.
            throw new HttpRequestException(HttpRequestError.NameResolutionError, $"The name {host} could not be resolved.", e);
        }
    }

    async ValueTask<Stream> DialFirst(List<IPAddress> addresses, int port, CancellationToken ct)
    {
        for (var i = 0; ; i++)
        {
            var last = i == Math.Min(addresses.Count, MaxAddressesTried) - 1;
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(ct);
            if (!last)
                attempt.CancelAfter(ShareOfOne);
            try
            {
                return await _dial(new IPEndPoint(addresses[i], port), attempt.Token);
            }
            catch (Exception e) when (!last && !ct.IsCancellationRequested && e is SocketException or OperationCanceledException)
            {
                // The next address may answer; the last one's failure is the one reported.
            }
        }
    }

    static async ValueTask<Stream> Dial(IPEndPoint endpoint, CancellationToken ct)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
