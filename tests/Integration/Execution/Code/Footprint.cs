using System.Diagnostics;

namespace AgentPlatform.Integration.Execution.Code;

/// <summary>What this program holds of the machine.</summary>
/// <param name="Memory">Managed, after a collection.</param>
/// <param name="Zombies">Children that ended and that nobody asked for their end.</param>
sealed record Footprint(long Memory, int Handles, int Threads, int Zombies)
{
    public static Footprint Now()
    {
        using var self = Process.GetCurrentProcess();
        var zombies = Directory.GetDirectories("/proc").Count(path => Stat(path).Contains($" Z {self.Id} ", StringComparison.Ordinal));
        return new(GC.GetTotalMemory(forceFullCollection: true), Directory.GetFiles("/proc/self/fd").Length, Directory.GetDirectories("/proc/self/task").Length, zombies);
    }

    static string Stat(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(path, "stat"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
