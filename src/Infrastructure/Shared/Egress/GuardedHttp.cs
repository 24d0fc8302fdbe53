using System.Net;
using System.Runtime.ExceptionServices;

namespace AgentPlatform.Infrastructure.Shared.Egress;

/// <summary>The one door for outgoing HTTP: skills, MCP, model vendors and webhooks make their clients here.</summary>
/// <remarks>Where a call may lead is decided by <see cref="GuardedDialer"/> when it connects. The host name stays what it was for the <c>Host</c> header and TLS.</remarks>
public sealed class GuardedHttp : IDisposable
{
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>So that a change in DNS is followed within minutes.</summary>
    static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    readonly GuardedDialer _dialer;
    readonly GuardedHandler _handler;

    public GuardedHttp(EgressPolicy policy)
        : this(new GuardedDialer(policy))
    {
    }

    public GuardedHttp(GuardedDialer dialer, GuardedTls? tls = null)
    {
        _dialer = dialer;
        _handler = new GuardedHandler(dialer.Policy, CreateSocketsHandler(tls ?? new GuardedTls()));
    }

    public EgressPolicy Policy => _dialer.Policy;

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

    SocketsHttpHandler CreateSocketsHandler(GuardedTls tls) => new()
    {
        ConnectCallback = (context, ct) => _dialer.Connect(context.DnsEndPoint.Host, context.DnsEndPoint.Port, ct),
        SslOptions = tls.OptionsFor(host: null),
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

    /// <summary>Checks the URL of every request before a pooled connection could answer it, and takes the guard's own refusals out of
    /// the wrapping that the connection pool gives them.</summary>
    sealed class GuardedHandler(EgressPolicy policy, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            EgressUrl.Check(request.RequestUri ?? throw new InvalidOperationException("A request needs a URL."), policy);
            // HTTP/3 runs over UDP, which the framework connects itself: past the dialler, to whatever a name or an Alt-Svc header says.
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
            if (request.Version > HttpVersion.Version20)
                request.Version = HttpVersion.Version20;
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

        /// <summary>The base would hand it on unchecked.</summary>
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new NotSupportedException("Calls that block a thread do not go out.");
    }
}
