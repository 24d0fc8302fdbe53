using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>
/// A private PostgreSQL from the binaries on the machine, reachable through a Unix socket only. It outlives a <c>kill -9</c> of ours and is adopted by the next
/// start; processes on the same data directory share it; the one that leaves last stops it.
/// </summary>
/// <remarks>
/// Two locks: <c>start</c> (exclusive) makes starting and stopping one at a time, <c>users</c> (shared) is held for as long as the server is used.
/// Who gets <c>users</c> exclusively was the last.
/// </remarks>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    readonly EmbeddedLayout layout;
    readonly Postmaster postmaster;
    readonly ILogger log;
    FileStream? holder;

    EmbeddedPostgres(EmbeddedLayout layout, Postmaster postmaster, FileStream holder, string adminConnectionString, ILogger log)
    {
        this.layout = layout;
        this.postmaster = postmaster;
        this.holder = holder;
        this.log = log;
        AdminConnectionString = adminConnectionString;
    }

    /// <summary>The superuser's; only for making roles and databases.</summary>
    public string AdminConnectionString { get; }

    /// <summary>The directory of the cluster, which may be elsewhere than below the data directory when this process is root.</summary>
    public string ClusterDirectory => layout.Cluster;

    /// <summary>Starts the server on this data directory, or adopts the one that already runs there; makes the cluster when there is none.</summary>
    /// <param name="settings">Server settings on top of ours; ignored when a running server is adopted.</param>
    /// <exception cref="DatabaseStartException">No server is installed, or it does not start; one sentence says why.</exception>
    public static async Task<EmbeddedPostgres> Start(
        string dataDirectory, ILogger log, CancellationToken ct, IReadOnlyDictionary<string, string>? settings = null)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new DatabaseStartException("The embedded database runs on Linux and macOS; on Windows set ConnectionStrings__Main to a PostgreSQL server.");
        }
        try
        {
            var locks = EmbeddedLayout.Locks(dataDirectory);
            await using var starting = await FileLock.Exclusive(locks.StartLock, ct);
            return await StartLocked(locks, log, settings ?? EmbeddedSettings.None, ct);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new DatabaseStartException(
                $"The data directory {Path.GetFullPath(dataDirectory)} or something in it belongs to another user (was the program started as root before?): {problem.Message}", problem);
        }
    }

    public async ValueTask DisposeAsync()
    {
        var mine = Interlocked.Exchange(ref holder, null);
        if (mine is null)
        {
            return;
        }
        await using var stopping = await FileLock.Exclusive(layout.StartLock, CancellationToken.None);
        await mine.DisposeAsync();
        await using var last = FileLock.TryExclusive(layout.HolderLock);
        if (last is null)
        {
            log.LogInformation("The database stays up: another process uses it");
            return;
        }
        await postmaster.Stop();
    }

    /// <summary>Lets go of the locks and leaves the server running, as the kernel does for a killed process.</summary>
    internal ValueTask Abandon() => Interlocked.Exchange(ref holder, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    [UnsupportedOSPlatform("windows")]
    static async Task<EmbeddedPostgres> StartLocked(EmbeddedLayout locks, ILogger log, IReadOnlyDictionary<string, string> settings, CancellationToken ct)
    {
        var shared = await FileLock.Shared(locks.HolderLock, ct);
        try
        {
            var place = await locks.Settle(log, ct);
            var programs = await PostgresBinaries.Find(await ClusterFiles.MajorOf(place, ct), ct);
            var password = await ClusterFiles.Password(place, ct);
            var config = new EmbeddedSettings(await place.SocketDirectory(ct), settings);
            if (!place.IsInitialised)
            {
                await ClusterFiles.Initialise(place, programs, password, config, log, ct);
            }
            var server = new Postmaster(place, programs, log);
            var socket = await server.EnsureRunning(config, ct);
            return new(place, server, shared, Admin(socket, password), log);
        }
        catch
        {
            await shared.DisposeAsync();
            throw;
        }
    }

    static string Admin(string socketDirectory, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = socketDirectory,
        Port = EmbeddedSettings.Port,
        Username = ClusterFiles.Superuser,
        Password = password,
        Database = "postgres",
        // A Unix socket speaks neither, and asking costs a round trip each.
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;
}
