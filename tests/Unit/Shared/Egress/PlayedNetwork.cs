using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AgentPlatform.Infrastructure.Shared.Egress;

namespace AgentPlatform.Unit.Shared.Egress;

/// <summary>An internet with one public server, whose answers the test makes up, and a zone in which any name may lead anywhere. This machine is really dialled.</summary>
sealed class PlayedNetwork : IDisposable
{
    public static readonly IPAddress PublicV4 = IPAddress.Parse("93.184.216.34");
    public static readonly IPAddress PublicV6 = IPAddress.Parse("2606:2800:220:1:248:1893:25c8:1946");

    readonly ConcurrentQueue<IPEndPoint> dialled = new();
    readonly Func<string, IPAddress[]> zone;
    readonly Func<byte[]> answer;

    /// <param name="zone">What a name leads to; it is asked each time.</param>
    /// <param name="answer">What the public server says to whoever connects.</param>
    public PlayedNetwork(Func<string, IPAddress[]> zone, Func<string> answer)
        : this(zone, () => Encoding.Latin1.GetBytes(answer()))
    {
    }

    public PlayedNetwork(Func<string, IPAddress[]> zone, Func<byte[]> answer)
    {
        (this.zone, this.answer) = (zone, answer);
        Dialer = new GuardedDialer(EgressPolicy.Create([], []), (host, _) => Task.FromResult(this.zone(host)), Dial);
        Http = new GuardedHttp(Dialer);
    }

    public GuardedDialer Dialer { get; }

    public GuardedHttp Http { get; }

    /// <summary>Where connections were opened, or tried.</summary>
    public IEnumerable<IPEndPoint> Dialled => dialled;

    /// <summary>Connections to anything but the public server.</summary>
    public IEnumerable<IPEndPoint> Escaped => dialled.Where(endpoint => !IsPublic(endpoint.Address));

    public void Dispose() => Http.Dispose();

    static bool IsPublic(IPAddress address) => address.Equals(PublicV4) || address.Equals(PublicV6);

    async ValueTask<Stream> Dial(IPEndPoint endpoint, CancellationToken ct)
    {
        dialled.Enqueue(endpoint);
        if (IsPublic(endpoint.Address))
        {
            return new CannedStream(answer());
        }

        if (!IPAddress.IsLoopback(endpoint.Address))
        {
            throw new SocketException((int)SocketError.HostUnreachable);
        }

        var client = new TcpClient(endpoint.AddressFamily);
        await client.ConnectAsync(endpoint, ct);
        return client.GetStream();
    }
}

/// <summary>A connection whose peer has already said everything, and takes whatever is sent.</summary>
sealed class CannedStream(byte[] answer) : MemoryStream(answer, writable: false)
{
    public override bool CanWrite => true;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}
