using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;

namespace AgentPlatform.Infrastructure.Shared.Egress;

/// <summary>Resolves a host name to all of its addresses.</summary>
public delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken ct);

/// <summary>Opens a connection to one address.</summary>
public delegate ValueTask<Stream> DialAddress(IPEndPoint endpoint, CancellationToken ct);

/// <summary>The one door for outgoing HTTP: skills, MCP, model vendors and webhooks make their clients here.</summary>
/// <remarks>
/// The decision falls on the address at the moment of connecting, and the connection goes to that very address, so there is no time between check and
/// use in which a name could change its answer. Of several answers only the permitted ones are used: refusing the whole answer would lock out hosts
/// behind DNS64, whose public IPv4 address comes with a synthesised one, and would make nothing safer. The host name stays what it was
/// for the <c>Host</c> header and TLS.
/// </remarks>
public sealed class GuardedHttp : IDisposable
{
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>So that a change in DNS is followed within minutes.</summary>
    static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>A name with hundreds of answers must not make us knock at hundreds of doors.</summary>
    const int MaxAddressesTried = 4;

    readonly EgressPolicy _policy;
    readonly ResolveHost _resolve;
    readonly DialAddress _dial;
    readonly GuardedHandler _handler;

    public GuardedHttp(EgressPolicy policy)
        : this(policy, static (host, ct) => Dns.GetHostAddressesAsync(host, ct), Dial)
    {
    }

    /// <summary>With another resolver or dialler, so that tests can play DNS and watch what would be connected.</summary>
    public GuardedHttp(EgressPolicy policy, ResolveHost resolve, DialAddress dial)
    {
        _policy = policy;
        _resolve = resolve;
        _dial = dial;
        _handler = new GuardedHandler(policy, CreateSocketsHandler());
    }

    public EgressPolicy Policy => _policy;

    /// <summary>A client over the shared pool. It follows no redirects and keeps no cookies; disposing it leaves the pool alone.</summary>
    /// <remarks>Without a timeout and a size limit of its own: the caller sets both, because only the caller knows what it waits for.</remarks>
    public HttpClient CreateClient() => new(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The same, with what the caller puts in between, for example limits on what comes back.</summary>
    public HttpClient CreateClient(DelegatingHandler between)
    {
        between.InnerHandler = _handler;
        return new(between, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Closes the pool.</summary>
    public void Dispose() => _handler.Dispose();

    SocketsHttpHandler CreateSocketsHandler() => new()
    {
        ConnectCallback = Connect,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        MaxConnectionsPerServer = 256,
        AllowAutoRedirect = false,
        UseCookies = false,
        // The proxy variables of the environment are ours, not the tenants': through a proxy the address check would see only the proxy.
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli,
        MaxResponseHeadersLength = 64,
        MaxResponseDrainSize = 64 * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        // What of a trace goes out is said by those who call: the framework would send state and baggage along.
        ActivityHeadersPropagator = null,
    };

    async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var host = context.DnsEndPoint.Host;
        var allowed = new List<IPAddress>();
        foreach (var address in await Addresses(host, ct))
        {
            if (_policy.IsAllowed(host, address))
                allowed.Add(address);
        }

        if (allowed.Count == 0)
            throw EgressUrl.AddressRefused(host);

        // IPv4 first: where one of the two families is broken, it is nearly always IPv6.
        allowed.Sort(static (a, b) => a.AddressFamily.CompareTo(b.AddressFamily));
        return await DialFirst(allowed, context.DnsEndPoint.Port, ct);
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
            // A share of the whole, so that one dead address leaves time for the next.
            var last = i == Math.Min(addresses.Count, MaxAddressesTried) - 1;
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(ct);
            if (!last)
                attempt.CancelAfter(ConnectTimeout / MaxAddressesTried);
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

    /// <summary>Checks the URL of every request before a pooled connection could answer it, and takes the guard's own refusals out of
    /// the wrapping that the connection pool gives them.</summary>
    sealed class GuardedHandler(EgressPolicy policy, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            EgressUrl.Check(request.RequestUri ?? throw new InvalidOperationException("A request needs a URL."), policy);
            try
            {
                return await base.SendAsync(request, ct);
            }
            catch (HttpRequestException e) when (e.InnerException is EgressRefusedException refused)
            {
                ExceptionDispatchInfo.Throw(refused);
                throw;
            }
        }
    }
}
