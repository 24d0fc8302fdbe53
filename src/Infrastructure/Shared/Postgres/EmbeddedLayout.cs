using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>Where the embedded server keeps what, and as whom it runs.</summary>
/// <param name="Data">Ours: locks and keys.</param>
/// <param name="Instance">The server's, closed to everyone else: cluster, log and socket.</param>
/// <param name="User">Null: as ourselves.</param>
sealed record EmbeddedLayout(string Data, string Instance, ServerUser? User)
{
    /// <summary>A socket's address has 107 bytes on Linux and 103 on macOS, and <c>/.s.PGSQL.5432</c> comes after the directory.</summary>
    const int LongestSocketDirectory = 100 - 14;

    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode Traversable = Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public string Cluster => Path.Combine(Instance, "cluster");

    public string Log => Path.Combine(Instance, "postgres.log");

    public string PasswordFile => Path.Combine(Data, "keys", "postgres");

    public string StartLock => Path.Combine(Data, "postgres.start.lock");

    public string HolderLock => Path.Combine(Data, "postgres.users.lock");

    public ServerCommand Command => new(User);

    public bool IsInitialised => File.Exists(Path.Combine(Cluster, "PG_VERSION"));

    [UnsupportedOSPlatform("windows")]
    public static EmbeddedLayout Locks(string dataDirectory)
    {
        var data = Path.GetFullPath(dataDirectory);
        Directory.CreateDirectory(data, Traversable);
        Directory.CreateDirectory(Path.Combine(data, "keys"), Private);
        return new(data, Path.Combine(data, "postgres"), null);
    }

    /// <summary>Settles the place and the user, and makes the instance's directory. Called under the start lock.</summary>
    [UnsupportedOSPlatform("windows")]
    public async Task<EmbeddedLayout> Settle(ILogger log, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory(Instance, Private);
            return this;
        }
        var system = this with { Instance = Path.Combine("/var/lib/agentplatform", Hash(Data)) };
        var existing = new[] { this, system }.FirstOrDefault(x => x.IsInitialised);
        if (existing is not null)
        {
            return existing with { User = await ServerUser.OwnerOf(existing.Cluster, ct) ?? await existing.HandOver(ct) };
        }
        var user = await ServerUser.Unprivileged(ct);
        // initdb and the server reach their files through every directory above them, and a home directory is often closed.
        var (code, _, _) = await new ServerCommand(user).Try("test", ["-x", Data], ct);
        var chosen = code == 0 ? this : system;
        if (code != 0)
        {
            log.LogInformation("The database's files go to {Instance}: the user that PostgreSQL runs as cannot reach {Data}", chosen.Instance, Data);
        }
        Directory.CreateDirectory(chosen.Instance, Traversable);
        File.SetUnixFileMode(chosen.Instance, Private);
        return chosen with { User = await chosen.HandOver(ct) };
    }

    /// <summary>
    /// The socket's directory: inside the instance, or somewhere short. A comma or a colon in it would read as a list of hosts or a port.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    public async Task<string> SocketDirectory(CancellationToken ct)
    {
        var inside = Path.Combine(Instance, "socket");
        if (Encoding.UTF8.GetByteCount(inside) <= LongestSocketDirectory && inside.AsSpan().IndexOfAny(",:") < 0)
        {
            await Make(inside, ct);
            return inside;
        }
        // Root never makes a predictable name in a directory that everyone can write to.
        var parent = User is null ? Path.GetTempPath() : "/var/lib/agentplatform";
        var outside = Path.Combine(parent, (User is null ? "agentplatform-" : "socket-") + Hash(Data));
        Directory.CreateDirectory(parent, Traversable);
        if (new DirectoryInfo(outside).LinkTarget is not null)
        {
            throw new DatabaseStartException($"The socket directory {outside} is a link that someone else has put there; remove it.");
        }
        await Make(outside, ct);
        return outside;
    }

    [UnsupportedOSPlatform("windows")]
    async Task Make(string directory, CancellationToken ct)
    {
        if (User is null)
        {
            Directory.CreateDirectory(directory, Private);
            // Fails when the directory belongs to someone else.
            File.SetUnixFileMode(directory, Private);
            return;
        }
        Directory.CreateDirectory(directory, Private);
        await new ServerCommand(null).Run("chown", ["-h", $"{User.Uid}:{User.Gid}", directory], ct);
    }

    async Task<ServerUser> HandOver(CancellationToken ct)
    {
        var user = await ServerUser.Unprivileged(ct);
        await new ServerCommand(null).Run("chown", ["-R", "-h", $"{user.Uid}:{user.Gid}", Instance], ct);
        return user;
    }

    static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12];
}
