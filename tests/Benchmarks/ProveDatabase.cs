using System.Diagnostics;
using System.Globalization;
using AgentPlatform.Infrastructure.Shared.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentPlatform.Benchmarks;

/// <summary>The database under proof: it can be stopped as by a power cut and its connections broken, while whoever judges reads it directly.</summary>
sealed class ProveDatabase : IAsyncDisposable
{
    readonly string data;
    readonly Database database;
    readonly DatabaseProxy proxy;
    EmbeddedPostgres server;

    ProveDatabase(string data, Database database, EmbeddedPostgres server)
    {
        this.data = data;
        this.database = database;
        this.server = server;
        var place = new NpgsqlConnectionStringBuilder(server.AdminConnectionString);
        proxy = new DatabaseProxy(Path.Combine(place.Host!, $".s.PGSQL.{place.Port.ToString(CultureInfo.InvariantCulture)}"));
    }

    /// <summary>The judge's own way to it: it outlives a stop, because it keeps no connection.</summary>
    public string Direct => Unpooled(database.Connections.Engine);

    public string DirectAsOwner => Unpooled(database.Connections.Owner);

    /// <summary>The settings by which a server reaches it through the proxy.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("ConnectionStrings__Owner", ThroughProxy(database.Connections.Owner)),
        new("ConnectionStrings__App", ThroughProxy(database.Connections.App)),
        new("ConnectionStrings__Engine", ThroughProxy(database.Connections.Engine)),
        new("ConnectionStrings__Operator", ThroughProxy(database.Connections.Operator)),
    ];

    public static async Task<ProveDatabase> Open(string data) => new(data, await ServerProcess.OpenDatabase(data), await Start(data));

    /// <summary>SIGQUIT, which is PostgreSQL's immediate stop: nothing is written any more, the next start recovers from the log.</summary>
    public async Task StopAtOnce()
    {
        var pid = int.Parse((await File.ReadAllLinesAsync(Path.Combine(server.ClusterDirectory, "postmaster.pid")))[0], CultureInfo.InvariantCulture);
        using var postmaster = Process.GetProcessById(pid);
        using var quit = Process.Start("kill", ["-s", "QUIT", pid.ToString(CultureInfo.InvariantCulture)]);
        await quit.WaitForExitAsync();
        while (Directory.Exists($"/proc/{pid}"))
        {
            await Task.Delay(5);
        }
    }

    public async Task StartAgain()
    {
        var former = server;
        server = await Start(data);
        await former.DisposeAsync();
    }

    public Task<int> Cut(TimeSpan deafFor) => proxy.Cut(deafFor);

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        await server.DisposeAsync();
        await database.DisposeAsync();
    }

    static string Unpooled(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    string ThroughProxy(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString;

    static Task<EmbeddedPostgres> Start(string data) => EmbeddedPostgres.Start(data, NullLogger.Instance, CancellationToken.None);
}
