using AgentPlatform.Infrastructure.Integrations.Vendors;
using AgentPlatform.Infrastructure.Shared.Postgres;

namespace AgentPlatform.Api;

/// <summary><c>vendors apply FILE.yaml</c>: adds and changes vendors, services and prices; servers that run see it at once.</summary>
static class VendorsCommand
{
    public static async Task<int> Run(string[] args)
    {
        if (args is not ["apply", var file])
        {
            await Console.Error.WriteLineAsync("usage: vendors apply FILE.yaml");
            return 2;
        }

        if (!File.Exists(file))
        {
            await Console.Error.WriteLineAsync($"There is no file {file}.");
            return 2;
        }

        if (!VendorFile.TryRead(await File.ReadAllTextAsync(file), out var vendors, out var problem))
        {
            await Console.Error.WriteLineAsync($"{file}: {problem}");
            return 1;
        }

        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        using var log = LoggerFactory.Create(logging => logging.AddSimpleConsole());
        await using var database = await Database.Open(DatabaseOptions.From(configuration), log, CancellationToken.None);
        await new Migrator(database.Connections.Owner, log: log.CreateLogger<Migrator>()).Up(CancellationToken.None);
        var applied = await vendors!.Apply(database.Connections.Owner, CancellationToken.None);
        if (applied.Refusal is { } refusal)
        {
            await Console.Error.WriteLineAsync($"{file}: {refusal}");
            return 1;
        }

        await Console.Out.WriteLineAsync($"Applied {applied.Vendors} vendors, {applied.Services} services and {applied.Prices} new prices.");
        return 0;
    }
}
