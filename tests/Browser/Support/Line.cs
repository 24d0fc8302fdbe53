using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AgentPlatform.Browser.Support;

/// <summary>The way to the site through which a browser goes, so that a test can cut it in the middle of an answer, as networks do.</summary>
sealed class Line : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentDictionary<Socket, byte> open = new();
    readonly Uri site;
    readonly Task accepting;
    volatile bool isDown;

    public Line(Uri site)
    {
        this.site = site;
        listener.Start();
        Address = new UriBuilder(site) { Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;
        accepting = Task.Run(Accept);
    }

    public Uri Address { get; }

    /// <summary>Breaks what goes through it and lets nothing through until <see cref="Restore"/>.</summary>
    public void Cut()
    {
        isDown = true;
        foreach (var socket in open.Keys)
        {
            socket.Dispose();
        }
    }

    public void Restore() => isDown = false;

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        Cut();
        await accepting;
    }

    async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Serve(await listener.AcceptSocketAsync());
            }
        }
        catch (SocketException)
        {
            // The listener was stopped.
        }
    }

    async Task Serve(Socket browser)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (browser)
        {
            open.TryAdd(browser, 0);
            open.TryAdd(server, 0);
            if (!isDown)
            {
                await server.ConnectAsync(site.Host, site.Port);
                await Task.WhenAny(Pump(browser, server), Pump(server, browser));
            }
        }

        open.TryRemove(browser, out _);
        open.TryRemove(server, out _);
    }

    static async Task Pump(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut, or the other end went.
        }
    }
}
