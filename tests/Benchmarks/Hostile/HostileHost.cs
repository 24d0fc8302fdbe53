using System.Globalization;

namespace AgentPlatform.Benchmarks.Hostile;

/// <summary>What a server holds of the machine.</summary>
/// <param name="MemoryMiB">Resident.</param>
/// <param name="Sandboxes">Interpreters for customers' code below it that are alive.</param>
/// <param name="Zombies">Processes below it that ended and that nobody asked for their end.</param>
/// <param name="Files">Open descriptors.</param>
sealed record HostileHost(double MemoryMiB, int Sandboxes, int Zombies, int Files, int Threads)
{
    public static HostileHost Of(ServerProcess server)
    {
        var all = Directory.GetDirectories("/proc").Select(Stat).OfType<Entry>().ToList();
        var below = new HashSet<int> { server.Id };
        // A parent may stand after its child.
        for (var known = 0; known < below.Count;)
        {
            known = below.Count;
            below.UnionWith(all.Where(entry => below.Contains(entry.Parent)).Select(entry => entry.Id).ToList());
        }

        var mine = all.Where(entry => below.Contains(entry.Id)).ToList();
        return new(
            server.MemoryMiB, mine.Count(entry => entry is { Name: "deno", State: not 'Z' }), mine.Count(entry => entry.State == 'Z'),
            Directory.GetFiles($"/proc/{server.Id}/fd").Length, Directory.GetDirectories($"/proc/{server.Id}/task").Length);
    }

    /// <summary>Null for what is no process, or was one a moment ago.</summary>
    static Entry? Stat(string path)
    {
        try
        {
            if (!int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id))
            {
                return null;
            }

            // The name stands in brackets, and may hold anything.
            var stat = File.ReadAllText(Path.Combine(path, "stat"));
            var (open, close) = (stat.IndexOf('(', StringComparison.Ordinal), stat.LastIndexOf(')'));
            var rest = stat[(close + 2)..].Split(' ');
            return new(id, stat[(open + 1)..close], rest[0][0], int.Parse(rest[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }

    sealed record Entry(int Id, string Name, char State, int Parent);
}
