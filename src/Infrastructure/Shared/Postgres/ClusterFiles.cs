using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>Makes the embedded server's cluster and the password of its superuser.</summary>
static class ClusterFiles
{
    public const string Superuser = "postgres";

    /// <summary>The major version that wrote the cluster; null when there is none yet.</summary>
    public static async Task<int?> MajorOf(EmbeddedLayout layout, CancellationToken ct) =>
        layout.IsInitialised
            ? int.Parse(await File.ReadAllTextAsync(Path.Combine(layout.Cluster, "PG_VERSION"), ct), CultureInfo.InvariantCulture)
            : null;

    /// <summary>Made once, kept in a file of ours with mode 0600, and never on a command line.</summary>
    [UnsupportedOSPlatform("windows")]
    public static async Task<string> Password(EmbeddedLayout layout, CancellationToken ct)
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
            await file.WriteAsync(Encoding.ASCII.GetBytes(password), ct);
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, layout.PasswordFile);
        return password;
    }

    public static async Task Initialise(
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
}
