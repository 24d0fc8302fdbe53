using System.Globalization;

namespace AgentPlatform.Benchmarks;

/// <summary>
/// The servers under proof: one, and a second on the same data where a fault calls for it. Only processes that it started are touched.
/// </summary>
sealed class ProveServers(string data, ProveDatabase database) : IAsyncDisposable
{
    /// <summary>Every kill hits all runs that are under way: mostly nobody is guilty, and what counts is that none is lost.</summary>
    const int ForgivesAll = 1000;

    readonly int[] ports = [ServerProcess.FreePort(), ServerProcess.FreePort()];
    readonly List<DateTime> crashes = [];
    IReadOnlyDictionary<string, string> settings = new Dictionary<string, string>();
    ServerProcess? server;
    ServerProcess? second;
    volatile Uri[] addresses = [];

    /// <summary>When a server was killed or stopped, by this machine's clock, which is the database's too.</summary>
    public IReadOnlyList<DateTime> Crashes => crashes;

    public int Kills { get; private set; }

    /// <summary>The longest that a server took from SIGTERM to its end.</summary>
    public TimeSpan SlowestDrain { get; private set; }

    /// <summary>The longest that the server took from the database's return until it was ready again.</summary>
    public TimeSpan SlowestReturn { get; private set; }

    /// <summary>Where client <paramref name="n"/> sends to now; there may be nobody there.</summary>
    public Uri Address(int n) => addresses[n % addresses.Length];

    /// <param name="maxLostWorkers">Null is what users have.</param>
    public async Task Start(int? leaseSeconds, int? maxLostWorkers = ForgivesAll)
    {
        settings = new Dictionary<string, string>(database.Settings)
        {
            ["Egress__Allow"] = "127.0.0.0/8",
            ["Logging__LogLevel__Default"] = "Error",
            ["Engine__MaxLostWorkers"] = maxLostWorkers?.ToString(CultureInfo.InvariantCulture) ?? "",
            ["Engine__LeaseSeconds"] = leaseSeconds?.ToString(CultureInfo.InvariantCulture) ?? "",
        };
        server = await ServerProcess.Start(data, NextPort(), settings);
        addresses = [server.Address];
    }

    /// <summary>SIGKILL, and a new server at once.</summary>
    public async Task Kill()
    {
        await Crash();
        server = ServerProcess.Launch(data, server!.Address.Port, settings);
        await server.Ready();
    }

    /// <summary>SIGKILL, and another one for the new server while it starts.</summary>
    public async Task KillTwice()
    {
        await Crash();
        server = ServerProcess.Launch(data, server!.Address.Port, settings);
        await Task.Delay(Random.Shared.Next(1_500));
        await Kill();
    }

    /// <summary>SIGSTOP for <paramref name="time"/> with a second server beside it, then SIGCONT; the second one leaves.</summary>
    public async Task Stop(TimeSpan time)
    {
        second = await ServerProcess.Start(data, NextPort(), settings);
        addresses = [server!.Address, second.Address];
        await Task.Delay(Random.Shared.Next(300));
        crashes.Add(Now());
        await server.Signal("STOP");
        await Task.Delay(time);
        await server.Signal("CONT");
        await server.Ready();
        addresses = [server.Address];
        await Drain(second);
        second = null;
    }

    /// <summary>A new server comes up, the old one is told to end.</summary>
    public async Task Roll()
    {
        second = await ServerProcess.Start(data, NextPort(), settings);
        addresses = [server!.Address, second.Address];
        await Task.Delay(Random.Shared.Next(300));
        var old = server;
        (server, second) = (second, old);
        addresses = [server.Address];
        await Drain(old);
        second = null;
    }

    /// <summary>For a while a second server shares the work whose clock is wrong.</summary>
    /// <param name="offset">As libfaketime reads it.</param>
    public async Task Shift(string offset, TimeSpan time, ProveClock clock)
    {
        second = await ServerProcess.Start(data, NextPort(), settings.Concat(ProveClock.Settings(offset)).ToDictionary());
        addresses = [server!.Address, second.Address];
        var from = Now();
        await clock.Ask(second.Address);
        await Task.Delay(time);
        addresses = [server.Address];
        clock.Note(from, Now());
        await Drain(second);
        second = null;
    }

    /// <summary>PostgreSQL goes down as by a power cut, and comes back after a while.</summary>
    public async Task StopDatabase()
    {
        crashes.Add(Now());
        await database.StopAtOnce();
        await Task.Delay(Random.Shared.Next(2_000));
        await database.StartAgain();
        var back = TimeProvider.System.GetTimestamp();
        await server!.Ready();
        var took = TimeProvider.System.GetElapsedTime(back);
        SlowestReturn = took > SlowestReturn ? took : SlowestReturn;
    }

    /// <summary>Every connection to the database breaks; every other time after its answers were swallowed for a moment.</summary>
    public async Task CutConnections()
    {
        crashes.Add(Now());
        await database.Cut(Random.Shared.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Random.Shared.Next(5, 80)));
        await server!.Ready();
    }

    public async Task End()
    {
        if (server is not null)
        {
            await Drain(server);
            server = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var left in new[] { server, second })
        {
            if (left is not null)
            {
                await left.Signal("CONT");
                await left.DisposeAsync();
            }
        }
    }

    async Task Crash()
    {
        crashes.Add(Now());
        Kills++;
        await server!.Kill();
    }

    async Task Drain(ServerProcess leaving)
    {
        var started = TimeProvider.System.GetTimestamp();
        await leaving.DisposeAsync();
        var took = TimeProvider.System.GetElapsedTime(started);
        SlowestDrain = took > SlowestDrain ? took : SlowestDrain;
    }

    /// <summary>The one that the living server does not listen on: on its own the newcomer would be taken for ready before it is.</summary>
    int NextPort() => ports.First(port => port != server?.Address.Port);

    static DateTime Now() => TimeProvider.System.GetUtcNow().UtcDateTime;
}
