using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>The directory that holds initdb, postgres and pg_ctl of one major version.</summary>
sealed partial record PostgresBinaries(string Directory, int Major)
{
    public const int OldestMajor = 15;

    public string InitDb => Path.Combine(Directory, "initdb");

    public string PgCtl => Path.Combine(Directory, "pg_ctl");

    /// <summary>Looks where packages put them, then in PATH, then asks pg_config.</summary>
    /// <param name="wanted">The major version that wrote the existing data; null takes the newest.</param>
    /// <exception cref="DatabaseStartException">None is installed that will do.</exception>
    public static async Task<PostgresBinaries> Find(int? wanted, CancellationToken ct)
    {
        // Where the packages put them, the directory's name tells the version and nothing has to be run.
        var best = Packaged().Where(x => Fits(x, wanted)).MaxBy(x => x.Major);
        if (best is not null)
        {
            return best;
        }
        foreach (var directory in await Elsewhere(ct))
        {
            var version = await new ServerCommand(null).Run(Path.Combine(directory, "postgres"), ["--version"], ct);
            if (Number().Match(version) is { Success: true } match
                && new PostgresBinaries(directory, int.Parse(match.Value, CultureInfo.InvariantCulture)) is var found
                && Fits(found, wanted))
            {
                return found;
            }
        }
        throw new DatabaseStartException(wanted is null
            ? "No PostgreSQL 15 or later was found on this machine: install its server (Debian and Ubuntu: apt-get install postgresql) or set ConnectionStrings__Main."
            : $"The data was written by PostgreSQL {wanted}, whose programs were not found: install that version (Debian and Ubuntu: apt-get install postgresql-{wanted}).");
    }

    static bool Fits(PostgresBinaries found, int? wanted) => wanted is { } major ? found.Major == major : found.Major >= OldestMajor;

    static IEnumerable<PostgresBinaries> Packaged() =>
        from parent in new[] { "/usr/lib/postgresql", "/usr/libexec/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/usr" }
        where System.IO.Directory.Exists(parent)
        from directory in System.IO.Directory.EnumerateDirectories(parent)
        let match = PackageDirectory().Match(Path.GetFileName(directory))
        where match.Success
        let bin = Path.Combine(directory, "bin")
        where IsComplete(bin)
        select new PostgresBinaries(bin, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    static async Task<IEnumerable<string>> Elsewhere(CancellationToken ct)
    {
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (directories.Exists(x => File.Exists(Path.Combine(x, "pg_config"))))
        {
            var (code, output, _) = await new ServerCommand(null).Try("pg_config", ["--bindir"], ct);
            if (code == 0)
            {
                directories.Add(output.Trim());
            }
        }
        return directories
            .Select(x => Path.Combine(x, "postgres"))
            .Where(File.Exists)
            // A link in PATH stands alone: its target's directory has the other programs.
            .Select(x => Path.GetDirectoryName(File.ResolveLinkTarget(x, returnFinalTarget: true)?.FullName ?? x)!)
            .Where(IsComplete)
            .Distinct(StringComparer.Ordinal);
    }

    static bool IsComplete(string bin) => new[] { "initdb", "postgres", "pg_ctl" }.All(x => File.Exists(Path.Combine(bin, x)));

    [GeneratedRegex("^(?:pgsql-|postgresql@|postgresql)?([0-9]{2})$")]
    private static partial Regex PackageDirectory();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
