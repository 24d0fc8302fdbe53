using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Code;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Execution.Code;

/// <summary>
/// What hostile code would find if a wall had a hole: a file and a variable of the environment with a secret in them, somebody who listens, and a
/// place to leave a mark.
/// </summary>
sealed class CorpusWorld : IDisposable
{
    const string Variable = "AGENTPLATFORM_SENTINEL";

    // One for all: worlds stand side by side, and there is only one environment.
    static readonly string Secret = RandomNumberGenerator.GetHexString(32);

    readonly string directory = Directory.CreateTempSubdirectory("sentinel-").FullName;
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly HashSet<string> jail;
    int connections;

    CorpusWorld(IServiceProvider services)
    {
        Sandbox = services.GetRequiredService<CodeSandbox>();
        Pool = services.GetRequiredService<SandboxPool>();
        Options = services.GetRequiredService<SandboxOptions>();
        jail = Files(Options.Jail);
        Environment.SetEnvironmentVariable(Variable, Secret);
        File.WriteAllText(Path.Combine(directory, "secret"), Secret);
        // Readable and writable by everybody: what keeps code out is not the file's mode.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(directory, (UnixFileMode)0b111_111_111);
            File.SetUnixFileMode(Path.Combine(directory, "secret"), (UnixFileMode)0b110_110_110);
        }

        listener.Start();
        _ = Listen();
    }

    public CodeSandbox Sandbox { get; }

    public SandboxPool Pool { get; }

    public SandboxOptions Options { get; }

    public static async Task<CorpusWorld> Create() => new((await TestApp.Shared()).Services);

    /// <summary>Runs one case and says what is wrong with what came of it; null when nothing is.</summary>
    public async Task<string?> Try(CorpusCase attempt)
    {
        var outcome = await Sandbox.Run(
            new CodeJob(Guid.CreateVersion7(), attempt.Language, Filled(attempt.Code), Datum.Null, new Dictionary<string, string> { ["run_id"] = "r" }, new(attempt.Limits, [])), CancellationToken.None);
        var result = outcome.Result.ToJsonElement().GetRawText();
        var error = $"{outcome.Error?.Code} {outcome.Error?.Message} {outcome.Error?.Detail?.GetRawText()}";
        return (result + error + outcome.Logs.GetRawText()).Contains(Secret, StringComparison.OrdinalIgnoreCase) ? $"{attempt} found the secret"
            : IsExpected(attempt.Expected, outcome, result, error) ? null
            : $"{attempt} => {(outcome.Error is null ? result[..Math.Min(result.Length, 200)] : error[..Math.Min(error.Length, 600)])}";
    }

    /// <summary>What has happened outside, of which nothing should; empty when nothing has.</summary>
    public IReadOnlyList<string> Harm() =>
    [
        .. connections > 0 ? [$"{connections} connections"] : Array.Empty<string>(),
        .. Directory.GetFileSystemEntries(directory).Length == 1 && File.ReadAllText(Path.Combine(directory, "secret")) == Secret ? Array.Empty<string>() : ["the sentinel's directory was changed"],
        .. Files(Options.Jail).SetEquals(jail) ? Array.Empty<string>() : ["the jail was changed"],
        .. Environment.GetEnvironmentVariable(Variable) == Secret ? Array.Empty<string>() : ["the environment was changed"],
    ];

    public void Dispose()
    {
        listener.Stop();
        Directory.Delete(directory, recursive: true);
    }

    static bool IsExpected(string expected, CodeOutcome outcome, string result, string error)
    {
        var parts = expected.Split(' ', 3);
        return parts[0] switch
        {
            "any" => outcome.Error?.Code is not ("sandbox_unavailable" or "sandbox_busy" or "sandbox_lost"),
            "ok" => outcome.Error is null && (parts.Length == 1 || result == expected[3..]),
            _ => outcome.Error is { } failed && parts[1].Split('|').Contains(failed.Code) && (parts.Length < 3 || error.Contains(parts[2], StringComparison.OrdinalIgnoreCase)),
        };
    }

    static HashSet<string> Files(string path) =>
        [.. new DirectoryInfo(path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Select(entry => $"{entry.FullName} {(entry as FileInfo)?.Length} {entry.LastWriteTimeUtc:o}")];

    string Filled(string code) => code
        .Replace("{FILE}", Path.Combine(directory, "secret"), StringComparison.Ordinal)
        .Replace("{MARK}", Path.Combine(directory, "mark"), StringComparison.Ordinal)
        .Replace("{PORT}", $"{((IPEndPoint)listener.LocalEndpoint).Port}", StringComparison.Ordinal);

    async Task Listen()
    {
        try
        {
            while (true)
            {
                using var caller = await listener.AcceptSocketAsync();
                Interlocked.Increment(ref connections);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }
}
