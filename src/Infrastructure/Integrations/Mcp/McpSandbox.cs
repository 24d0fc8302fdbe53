using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using AgentPlatform.Domain.Integrations.Mcp;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>
/// The command line under which a server of the catalogue runs: a session, process tree, file view and (unless the entry says otherwise) network of its own, a user of
/// its own, no rights, no inherited environment, limits. Only our own fixed words and the operator's are commands; a tenant's value is one element of an argument array.
/// </summary>
static class McpSandbox
{
    /// <summary>Users below are the machine's own; containers map at least 65536.</summary>
    const int FirstUser = 20_000;
    const int Users = 40_000;

    const string Home = "/tmp";

    /// <summary>
    /// Runs as root inside the new namespaces, with its words as positional parameters, which the shell does not read again. The directory is put over every
    /// place that anybody may write to, so that two servers share none.
    /// </summary>
    const string Enter =
        """
        set -e
        dir=$1 user=$2 memory=$3
        shift 3
        chown "$user:$user" "$dir"
        if [ -d /var/tmp ]; then mount --bind "$dir" /var/tmp; fi
        mount --bind "$dir" /tmp
        if [ -d /dev/shm ]; then mount -t tmpfs -o size=16m,mode=1777 tmpfs /dev/shm; fi
        cd /tmp
        umask 077
        exec prlimit --nofile=512 --nproc=256 --core=0 --fsize=1073741824 --data="$memory" -- \
          setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all --pdeathsig KILL -- "$@"
        """;

    public static bool IsAvailable { get; } = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Tools.All(File.Exists);

    static IEnumerable<string> Tools => ["/usr/bin/setsid", "/usr/bin/setpriv", "/usr/bin/unshare", "/usr/bin/prlimit", "/bin/sh"];

    public static ProcessStartInfo Wrap(McpCatalogueEntry entry, Guid tenantId, Guid serverId, string directory, IReadOnlyDictionary<string, string> values)
    {
        var filled = new Dictionary<string, string>(values, StringComparer.Ordinal) { [McpCatalogueEntry.WorkDirectory] = Home };
        string[] line =
        [
            "/usr/bin/setpriv", "--pdeathsig", "KILL", "--",
            "/usr/bin/unshare", "--mount", "--pid", "--mount-proc", "--ipc", "--uts", .. entry.HasNetwork ? [] : (string[])["--net"], "--fork", "--kill-child=KILL", "--",
            "/bin/sh", "-c", Enter, "enter", directory, UserOf(tenantId, serverId).ToString(CultureInfo.InvariantCulture), entry.MemoryBytes.ToString(CultureInfo.InvariantCulture),
            entry.Command, .. entry.Args.Select(arg => McpCatalogue.Fill(arg, filled)),
        ];
        var start = new ProcessStartInfo("/usr/bin/setsid", line)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        foreach (var (name, text) in entry.Env)
        {
            start.Environment[name] = McpCatalogue.Fill(text, filled);
        }

        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        start.Environment["HOME"] = start.Environment["TMPDIR"] = Home;
        return start;
    }

    /// <summary>The same each time, so that what a server keeps in its directory stays its own.</summary>
    static int UserOf(Guid tenantId, Guid serverId)
    {
        var hash = SHA256.HashData([.. tenantId.ToByteArray(), .. serverId.ToByteArray()]);
        return FirstUser + (int)(BitConverter.ToUInt32(hash) % Users);
    }
}
