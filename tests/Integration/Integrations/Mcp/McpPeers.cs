using System.Text.Json;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Integrations.Mcp;

/// <summary>
/// A program whose catalogue has the reference servers, and a few that misbehave.
/// </summary>
static class McpPeers
{
    static readonly Once<TestApp> WithCatalogue = new(() => Start(patience: 8));
    static readonly Once<TestApp> InAHurry = new(() => Start(patience: 2));

    public static Task<TestApp> App() => WithCatalogue.Value();

    /// <summary>The same for servers that never answer, which nobody should have to wait for.</summary>
    public static Task<TestApp> Impatient() => InAHurry.Value();

    public static string Node { get; } = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "node")).First(File.Exists);

    internal static async Task Stop()
    {
        foreach (var app in new[] { WithCatalogue, InAHurry }.Where(app => app.HasStarted))
        {
            await (await app.Value()).DisposeAsync();
        }
    }

    /// <summary>Processes of the machine whose command line holds the text.</summary>
    public static IEnumerable<string> Processes(string text) =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), out _)
        let line = CommandLine(folder)
        where line.Contains(text, StringComparison.Ordinal)
        select line;

    static async Task<TestApp> Start(int patience)
    {
        var modules = await McpModules.Installed();
        var file = Path.Combine(Path.GetTempPath(), $"agentplatform-mcp-catalogue-{Guid.CreateVersion7():n}.json");
        string Server(string name) => Path.Combine(modules, $"@modelcontextprotocol/server-{name}/dist/index.js");
        var work = Directory.CreateTempSubdirectory("agentplatform-mcp-work-").FullName;
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            servers = new object[]
            {
                new { name = "everything", command = Node, args = new[] { Server("everything"), "stdio" } },
                new { name = "filesystem", command = Node, args = new[] { Server("filesystem"), "{workdir}" } },
                new { name = "memory", command = Node, args = new[] { Server("memory") }, env = new { MEMORY_FILE_PATH = "{workdir}/memory.json" } },
                new
                {
                    name = "shell",
                    command = "/bin/sh",
                    args = new[] { "-c", "printf '%s|' \"$@\" >&2; env >&2; exec cat", "sh", "{word}" },
                    env = new Dictionary<string, string> { ["WORD"] = "x{word}" },
                    values = new { word = new { pattern = "[a-z0-9 ]{1,20}", secret = true } },
                },
                new { name = "deaf", command = "/bin/sh", args = new[] { "-c", "trap '' TERM HUP INT; (while :; do sleep 1; done) & while :; do sleep 1; done" } },
                new { name = "fragile", command = "/bin/sh", args = new[] { "-c", "(while : fragile; do sleep 1; done) & read line; exit 3" } },
                new { name = "loud", command = Node, args = new[] { "-e", Loud } },
            },
        }));
        return await TestApp.Start(new Dictionary<string, string?> { ["Mcp:Catalogue"] = file, ["Mcp:WorkDirectory"] = work, ["Mcp:IdleSeconds"] = "600", ["Mcp:PatienceSeconds"] = $"{patience}" });
    }

    const string Loud = "setInterval(() => { for (let i = 0; i < 2000; i++) process.stdout.write('{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\",\"data\":\"again\"}}\\n') }, 10)";

    static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            // It ended while we looked.
            return "";
        }
    }
}
