using AgentPlatform.Infrastructure.Integrations.Mcp;
using AgentPlatform.Infrastructure.Shared.Postgres;

namespace AgentPlatform.Api;

/// <summary><c>mcp-servers apply FILE.yaml</c>: adds and changes the platform's own MCP servers, which every tenant sees.</summary>
static class McpServersCommand
{
    public static async Task<int> Run(string[] args)
    {
        if (args is not ["apply", var path] || !File.Exists(path))
        {
            await Console.Error.WriteLineAsync("usage: mcp-servers apply FILE.yaml");
            return 2;
        }

        if (!McpServerFile.TryRead(await File.ReadAllTextAsync(path), out var file, out var problem))
        {
            await Console.Error.WriteLineAsync($"{path}: {problem}");
            return 1;
        }

        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        using var log = LoggerFactory.Create(logging => logging.AddSimpleConsole());
        await using var database = await Database.Open(DatabaseOptions.From(configuration), log, CancellationToken.None);
        await new Migrator(database.Connections.Owner, log: log.CreateLogger<Migrator>()).Up(CancellationToken.None);
        var (servers, refusal) = await file!.Apply(database.Connections.Owner, TimeProvider.System, CancellationToken.None);
        if (refusal is not null)
        {
            await Console.Error.WriteLineAsync($"{path}: {refusal}");
            return 1;
        }

        await Console.Out.WriteLineAsync($"Applied {servers} MCP servers.");
        return 0;
    }
}
