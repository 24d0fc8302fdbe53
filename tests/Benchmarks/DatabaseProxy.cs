using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AgentPlatform.Benchmarks;

/// <summary>
/// Stands between the servers and the database, so that their connections can be cut as a network cuts them: at any moment, and now and then
/// after the database has done what it was asked and before anybody hears of it.
/// </summary>
sealed class DatabaseProxy : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentDictionary<Link, byte> links = new();
    readonly CancellationTokenSource stopping = new();
    readonly string socketPath;
    readonly Task accepting;

    public DatabaseProxy(string socketPath)
    {
        this.socketPath = socketPath;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = Task.Run(Accept);
    }

    public int Port { get; }

    /// <summary>Breaks every connection.</summary>
    /// <param name="deafFor">For so long answers are swallowed before: what was committed meanwhile, nobody was told of.</param>
    public async Task<int> Cut(TimeSpan deafFor)
    {
        var now = links.Keys.ToList();
        now.ForEach(link => link.IsDeaf = true);
        if (deafFor > TimeSpan.Zero)
        {
            await Task.Delay(deafFor);
        }

        now.ForEach(link => link.Break());
        return now.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await Cut(TimeSpan.Zero);
        await accepting;
        stopping.Dispose();
    }

    async Task Accept()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                _ = Serve(await listener.AcceptSocketAsync(stopping.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException && stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    async Task Serve(Socket client)
    {
        var database = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var link = new Link(client, database);
        try
        {
            await database.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), stopping.Token);
            links.TryAdd(link, 0);
            await Task.WhenAny(Pump(client, database, () => false), Pump(database, client, () => link.IsDeaf));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The database is away: the client learns it by its connection's end.
        }
        finally
        {
            links.TryRemove(link, out _);
            link.Break();
        }
    }

    static async Task Pump(Socket from, Socket to, Func<bool> isDeaf)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                for (var sent = 0; sent < count && !isDeaf();)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One end is gone; the other is closed by who called.
        }
    }

    sealed class Link(Socket client, Socket database)
    {
        public volatile bool IsDeaf;

        public void Break()
        {
            try
            {
                // A reset, not a farewell.
                client.LingerState = new LingerOption(true, 0);
            }
            catch (ObjectDisposedException)
            {
                // It ended by itself this moment.
            }

            client.Dispose();
            database.Dispose();
        }
    }
}
