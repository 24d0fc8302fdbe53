using AgentPlatform.Infrastructure.Shared.Postgres;

namespace AgentPlatform.Api;

/// <summary><c>migrate up | down MODULE | status</c>: the database's schema by hand; a normal start runs <c>up</c> by itself.</summary>
static class MigrateCommand
{
    public static async Task<int> Run(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        using var log = LoggerFactory.Create(logging => logging.AddSimpleConsole());
        await using var database = await Database.Open(DatabaseOptions.From(configuration), log, CancellationToken.None);
        var migrator = new Migrator(database.Connections.Owner, log: log.CreateLogger<Migrator>());
        switch (args)
        {
            case ["up"] or []:
                var applied = await migrator.Up(CancellationToken.None);
                await Console.Out.WriteLineAsync(applied.Count == 0 ? "Nothing to do: the schema is up to date." : $"Applied {applied.Count} migrations.");
                return 0;
            case ["down", var module]:
                await migrator.Down(module, CancellationToken.None);
                await Console.Out.WriteLineAsync($"Took back the last migration of {module}.");
                return 0;
            case ["status"]:
                foreach (var row in await migrator.Status(CancellationToken.None))
                {
                    await Console.Out.WriteLineAsync($"{row.State,-10} {row.Module}/{row.Version:0000}_{row.Name}  {row.AppliedAt:u}");
                }

                return 0;
            default:
                await Console.Error.WriteLineAsync("usage: migrate up | migrate down MODULE | migrate status");
                return 2;
        }
    }
}
