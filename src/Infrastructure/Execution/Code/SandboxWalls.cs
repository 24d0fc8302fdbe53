using System.Diagnostics;

namespace AgentPlatform.Infrastructure.Execution.Code;

/// <summary>How processes for customers' code are walled in on this machine: the first way that works, tried once, when code is first run.</summary>
sealed class SandboxWalls(SandboxOptions options)
{
    /// <summary>Far from the ranges that distributions hand out: nobody else's files belong to one of these.</summary>
    const int FirstUser = 1_900_000_000;

    const int Users = 50_000_000;

    // Not from 0: another node on this machine has processes of its own, and the limit on threads counts by user.
    int users = Random.Shared.Next(Users);

    public const string Bare = "bare";

    public IReadOnlyList<string> Candidates { get; } = [Environment.IsPrivilegedProcess ? "root" : "user", .. options.AllowBare ? [Bare] : Array.Empty<string>()];

    /// <summary>The start of one process for one execution in this language; see <c>sandbox/launch.sh</c>.</summary>
    public ProcessStartInfo Start(string walls, string language)
    {
        var user = FirstUser + ((uint)Interlocked.Increment(ref users) % Users);
        var start = new ProcessStartInfo(Path.Combine(options.Directory!, "launch.sh"), [walls, $"{user}", $"{Domain.Agents.CodeLimits.MaxMemoryMib}", options.Jail, language])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        return start;
    }
}
