using System.Diagnostics;
using System.Globalization;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

enum PostmasterState { None, Starting, Ready, Stopping }

/// <summary>
/// What <c>postmaster.pid</c> says, checked against the process table: after a power cut or a <c>kill -9</c> the file names a process that
/// is gone, or whose number another program has got since. Its lines: pid, data directory, start time, port, socket directory, address, shared memory, state.
/// </summary>
sealed record PostmasterFile(PostmasterState State, int Pid, string? SocketDirectory)
{
    static readonly PostmasterFile Absent = new(PostmasterState.None, 0, null);

    public static PostmasterFile Read(string cluster)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(PathIn(cluster));
        }
        catch (IOException)
        {
            return Absent;
        }
        if (lines.Length == 0 || !int.TryParse(lines[0], CultureInfo.InvariantCulture, out var pid) || !IsPostmaster(pid, lines.ElementAtOrDefault(1)))
        {
            return Absent;
        }
        var state = lines.ElementAtOrDefault(7)?.Trim() switch
        {
            "ready" => PostmasterState.Ready,
            "stopping" => PostmasterState.Stopping,
            _ => PostmasterState.Starting,
        };
        return new(state, pid, lines.ElementAtOrDefault(4));
    }

    /// <summary>
    /// PostgreSQL removes a stale file itself, unless its number now belongs to another living program of the same user: then it refuses to start.
    /// Its own check of the shared memory (keyed by the data directory) still finds orphaned backends after the file is gone.
    /// </summary>
    public static void RemoveIfStale(string cluster)
    {
        if (Read(cluster).State == PostmasterState.None)
        {
            File.Delete(PathIn(cluster));
        }
    }

    static string PathIn(string cluster) => Path.Combine(cluster, "postmaster.pid");

    /// <summary>In doubt (started by hand, by a relative path) it is ours: a living server must not lose its file.</summary>
    static bool NamesAnother(string[] arguments, string? dataDirectory) =>
        Array.IndexOf(arguments, "-D") is var option && option >= 0 && arguments.ElementAtOrDefault(option + 1) is { } named
        && Path.IsPathRooted(named) && named != dataDirectory;

    static bool IsPostmaster(int pid, string? dataDirectory)
    {
        var commandLine = $"/proc/{pid}/cmdline";
        if (File.Exists(commandLine))
        {
            try
            {
                // World-readable, unlike /proc/<pid>/exe and cwd, which root in a container may not read. Empty for a zombie.
                var arguments = File.ReadAllText(commandLine).Split('\0');
                return Path.GetFileName(arguments[0]) == "postgres" && !NamesAnother(arguments, dataDirectory);
            }
            catch (IOException)
            {
                return false;
            }
        }
        if (Directory.Exists("/proc/self"))
        {
            return false;
        }
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.ProcessName == "postgres";
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
