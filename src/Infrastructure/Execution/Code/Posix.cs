using System.Runtime.InteropServices;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>The two system calls that .NET does not offer: a signal to a whole process group, and limits of a process that runs.</summary>
static class Posix
{
    const int Kill9 = 9;

    /// <summary>Kills a process and everything in its group; what is gone already is no error.</summary>
    public static void KillGroup(int pid)
    {
        _ = Kill(-pid, Kill9);
        _ = Kill(pid, Kill9);
    }

    public static void KillOne(int pid) => _ = Kill(pid, Kill9);

    /// <summary>Lowers what a process may have of writable memory of its own. The kernel then refuses what our own looking would see too late.</summary>
    public static void LimitMemory(int pid, long bytes)
    {
        const int data = 2;
        var limit = new Limit(bytes, bytes);
        _ = SetLimit(pid, data, ref limit, 0);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Kill(int pid, int signal);

    [DllImport("libc", EntryPoint = "prlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SetLimit(int pid, int resource, ref Limit limit, nint old);

    [StructLayout(LayoutKind.Sequential)]
    struct Limit(long soft, long hard)
    {
        public long Soft = soft;
        public long Hard = hard;
    }
}
