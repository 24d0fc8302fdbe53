using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
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
    const string Superuser = "postgres";
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    readonly EmbeddedLayout layout;
    readonly PostgresBinaries binaries;
    readonly ILogger log;
    FileStream? holder;

    EmbeddedPostgres(EmbeddedLayout layout, PostgresBinaries binaries, FileStream holder, string adminConnectionString, ILogger log)
    {
        this.layout = layout;
        this.binaries = binaries;
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
        var locks = EmbeddedLayout.Locks(dataDirectory);
        await using var starting = await FileLock.Exclusive(locks.StartLock, ct);
        var shared = await FileLock.Shared(locks.HolderLock, ct);
        try
        {
            var place = await locks.Settle(log, ct);
            var programs = await PostgresBinaries.Find(await MajorOf(place, ct), ct);
            var password = await Password(place, ct);
            var config = new EmbeddedSettings(await place.SocketDirectory(ct), settings ?? EmbeddedSettings.None);
            if (!place.IsInitialised)
            {
                await Initialise(place, programs, password, config, log, ct);
            }
            var socket = await EnsureRunning(place, programs, config, log, ct);
            return new(place, programs, shared, Admin(socket, password), log);
        }
        catch
        {
            await shared.DisposeAsync();
            throw;
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
        if (PostmasterFile.Read(layout.Cluster).State == PostmasterState.None)
        {
            return;
        }
        // Fast: open transactions are rolled back, everything committed is written, the next start needs no recovery.
        await layout.Command.Run(binaries.PgCtl, ["stop", "-D", layout.Cluster, "-m", "fast", "-w", "-t", "120"], CancellationToken.None);
        log.LogInformation("The database has stopped");
    }

    /// <summary>Lets go of the locks and leaves the server running, as the kernel does for a killed process.</summary>
    internal ValueTask Abandon() => Interlocked.Exchange(ref holder, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    static async Task<int?> MajorOf(EmbeddedLayout layout, CancellationToken ct) =>
        layout.IsInitialised
            ? int.Parse(await File.ReadAllTextAsync(Path.Combine(layout.Cluster, "PG_VERSION"), ct), CultureInfo.InvariantCulture)
            : null;

    [UnsupportedOSPlatform("windows")]
    static async Task<string> Password(EmbeddedLayout layout, CancellationToken ct)
    {
        if (File.Exists(layout.PasswordFile))
        {
            return (await File.ReadAllTextAsync(layout.PasswordFile, ct)).Trim();
        }
        if (layout.IsInitialised)
        {
            throw new DatabaseStartException($"The database in {layout.Cluster} exists, but the file with its password, {layout.PasswordFile}, is gone: restore it.");
        }
        var password = RandomNumberGenerator.GetHexString(48, lowercase: true);
        var draft = layout.PasswordFile + ".new";
        await using (var file = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(password), ct);
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, layout.PasswordFile);
        return password;
    }

    static async Task Initialise(
        EmbeddedLayout layout, PostgresBinaries binaries, string password, EmbeddedSettings settings, ILogger log, CancellationToken ct)
    {
        log.LogInformation("Creating the database in {Cluster} with PostgreSQL {Major}", layout.Cluster, binaries.Major);
        // Made beside its place and renamed: a half-made cluster of a killed start is never taken for a whole one.
        var draft = layout.Cluster + ".new";
        if (Directory.Exists(draft))
        {
            Directory.Delete(draft, recursive: true);
        }
        var passwordFile = Path.Combine(layout.Instance, "password.new");
        await layout.Command.Run("sh", ["-c", "umask 077; cat >\"$1\"", "sh", passwordFile], ct, password);
        try
        {
            string[] arguments =
            [
                "-D", draft, "-U", Superuser, "--auth=scram-sha-256", $"--pwfile={passwordFile}", "--encoding=UTF8", "--data-checksums",
                .. settings.IsDurable ? Array.Empty<string>() : ["--no-sync"],
            ];
            // C.UTF-8 is missing on some systems (macOS before 15): C sorts the same way.
            var (code, _, _) = await layout.Command.Try(binaries.InitDb, [.. arguments, "--locale=C.UTF-8"], ct);
            if (code != 0)
            {
                await layout.Command.Run(binaries.InitDb, [.. arguments, "--locale=C"], ct);
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }
        await File.AppendAllTextAsync(Path.Combine(draft, "postgresql.conf"), $"\ninclude_if_exists = '{EmbeddedSettings.FileName}'\n", ct);
        Directory.Move(draft, layout.Cluster);
    }

    static async Task<string> EnsureRunning(
        EmbeddedLayout layout, PostgresBinaries binaries, EmbeddedSettings settings, ILogger log, CancellationToken ct)
    {
        var found = PostmasterFile.Read(layout.Cluster);
        while (found.State == PostmasterState.Stopping)
        {
            await Task.Delay(Poll, ct);
            found = PostmasterFile.Read(layout.Cluster);
        }
        if (found.State == PostmasterState.None)
        {
            PostmasterFile.RemoveIfStale(layout.Cluster);
            await settings.Write(layout.Cluster, ct);
            EmbeddedSettings.RotateLog(layout.Log);
            await Launch(layout, binaries, ct);
        }
        else
        {
            log.LogInformation("Using the database that already runs in {Cluster} (process {Pid})", layout.Cluster, found.Pid);
            await Ready(layout.Cluster, ct);
        }
        return PostmasterFile.Read(layout.Cluster).SocketDirectory ?? settings.SocketDirectory;
    }

    /// <summary>
    /// pg_ctl puts the server into a session of its own, so that Ctrl-C in our terminal reaches us alone. It looks every 100 ms whether the
    /// server is ready; the pid file is looked at every 5 ms here, and pg_ctl is asked only whether the server has died.
    /// </summary>
    static async Task Launch(EmbeddedLayout layout, PostgresBinaries binaries, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var control = layout.Command.Try(
                binaries.PgCtl, ["start", "-D", layout.Cluster, "-l", layout.Log, "-s", "-w", "-t", "900"], CancellationToken.None);
            while (!control.IsCompleted)
            {
                if (PostmasterFile.Read(layout.Cluster).State == PostmasterState.Ready)
                {
                    return;
                }
                await Task.Delay(Poll, ct);
            }
            var (code, _, error) = await control;
            if (code == 0)
            {
                return;
            }
            var tail = EmbeddedSettings.LogTail(layout.Log);
            // After a kill -9 of the server its backends live until they notice, and hold the shared memory for so long.
            if (attempt > 50 || !tail.Contains("is still in use", StringComparison.Ordinal))
            {
                throw new DatabaseStartException($"PostgreSQL did not start ({error.Trim()}); the end of {layout.Log} says why: {tail}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
        }
    }

    static async Task Ready(string cluster, CancellationToken ct)
    {
        while (PostmasterFile.Read(cluster) is var found && found.State != PostmasterState.Ready)
        {
            if (found.State == PostmasterState.None)
            {
                throw new DatabaseStartException($"The database in {cluster} stopped while it was being waited for; start again.");
            }
            await Task.Delay(Poll, ct);
        }
    }

    static string Admin(string socketDirectory, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = socketDirectory,
        Port = EmbeddedSettings.Port,
        Username = Superuser,
        Password = password,
        Database = "postgres",
        // A Unix socket speaks neither, and asking costs a round trip each.
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;
}
