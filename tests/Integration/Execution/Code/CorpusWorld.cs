using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentPlatform.Benchmarks.Hostile;
using AgentPlatform.Domain.Agents;
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

    /// <summary>As the driver does it (sandbox/runner/driver.py), once for each of its inputs.</summary>
    const string Together = """
        import inspect, json, sys, types

        def shown(error):
            try:
                text = f"{type(error).__name__}: {error}"
            except BaseException:
                text = "It cannot be shown."
            return text[:2000].encode("utf-8", "replace").decode()

        async def attempt(code, ctx):
            try:
                module = types.ModuleType("__main__")
                sys.modules["__main__"] = module
                exec(compile(code, "main.py", "exec"), module.__dict__)
                value = module.main(None, ctx)
                if inspect.isawaitable(value):
                    value = await value
            except BaseException as error:
                return {"code": "code_failed", "text": shown(error)}
            try:
                text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
                text.encode()
                return {"code": None, "text": text}
            except BaseException as error:
                return {"code": "invalid_result", "text": shown(error)}

        async def main(input, ctx):
            return [await attempt(code, ctx) for code in input]
        """;

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
        var outcome = await Run(attempt.Language, Filled(attempt), Datum.Null, attempt.Limits);
        return Fault(attempt, outcome);
    }

    /// <summary>Runs cases one after the other in one interpreter, which takes longer to start than most of them to run.</summary>
    /// <returns>Those that did not end as they should: alone they may.</returns>
    public async Task<IReadOnlyList<CorpusCase>> TryTogether(IReadOnlyList<CorpusCase> attempts)
    {
        var input = Datum.FromArray([.. attempts.Select(attempt => Datum.From(Filled(attempt)))]);
        var job = await Run("python", Together, input, new CodeLimits(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30), MemoryMib: 256, OutputBytes: 4 * 1024 * 1024));
        var said = job.Error is null ? job.Result.ToJsonElement().EnumerateArray().ToList() : [];
        return [.. attempts.Where((attempt, i) => said.Count <= i || Fault(attempt, Outcome(said[i], attempt)) is not null)];
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

    static CodeOutcome Outcome(JsonElement said, CorpusCase attempt)
    {
        var text = said.GetProperty("text").GetString()!;
        return said.GetProperty("code").GetString() is { } code
            ? new CodeOutcome(default, new(code, text, "code", Retryable: false), default)
            : CodeResult.Read(Encoding.UTF8.GetBytes(text), Job(attempt.Language, "", Datum.Null, attempt.Limits), new CodeLogs());
    }

    static string? Fault(CorpusCase attempt, CodeOutcome outcome)
    {
        var result = outcome.Result.ToJsonElement().GetRawText();
        var error = $"{outcome.Error?.Code} {outcome.Error?.Message} {outcome.Error?.Detail?.GetRawText()}";
        var logs = outcome.Logs.ValueKind is JsonValueKind.Undefined ? "" : outcome.Logs.GetRawText();
        return (result + error + logs).Contains(Secret, StringComparison.OrdinalIgnoreCase) ? $"{attempt} found the secret"
            : attempt.Allows(outcome.Error?.Code, result, error) ? null
            : $"{attempt} => {(outcome.Error is null ? result[..Math.Min(result.Length, 200)] : error[..Math.Min(error.Length, 600)])}";
    }

    static CodeJob Job(string language, string code, Datum input, CodeLimits limits) =>
        new(Guid.CreateVersion7(), language, code, input, new Dictionary<string, string> { ["run_id"] = "r" }, new(limits, []));

    Task<CodeOutcome> Run(string language, string code, Datum input, CodeLimits limits) => Sandbox.Run(Job(language, code, input, limits), CancellationToken.None);

    static HashSet<string> Files(string path) =>
        [.. new DirectoryInfo(path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Select(entry => $"{entry.FullName} {(entry as FileInfo)?.Length} {entry.LastWriteTimeUtc:o}")];

    string Filled(CorpusCase attempt) => attempt.Filled(Path.Combine(directory, "secret"), Path.Combine(directory, "mark"), ((IPEndPoint)listener.LocalEndpoint).Port);

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
