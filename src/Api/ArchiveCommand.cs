using System.Globalization;
using AgentPlatform.Infrastructure.Execution.Retention;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Archives;
using AgentPlatform.Infrastructure.Shared.Postgres;

namespace AgentPlatform.Api;

/// <summary><c>archive month 2026-07 [--dry-run]</c> and <c>restore FILE… [--days N]</c>: what the retention job does, by hand, and its opposite.</summary>
static class ArchiveCommand
{
    const int KeepDays = 30;

    public static Task<int> Archive(string[] args) => args switch
    {
        ["month", var month] => Archive(month, isDryRun: false),
        ["month", var month, "--dry-run"] => Archive(month, isDryRun: true),
        _ => Usage("archive month YYYY-MM [--dry-run]"),
    };

    public static Task<int> Restore(string[] args) => args switch
    {
        [.. var files, "--days", var days] when int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var keep) && keep is > 0 and <= 3650 && files.Length > 0 =>
            Restore(files, keep),
        [_, ..] when !args.Any(arg => arg.StartsWith('-')) => Restore(args, KeepDays),
        _ => Usage("restore FILE... [--days N]"),
    };

    static async Task<int> Archive(string text, bool isDryRun)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
        {
            return await Usage("archive month YYYY-MM [--dry-run]");
        }

        return await WithDatabase(async (database, configuration, log) =>
        {
            await using var sources = DataSources.Connect(database.Connections);
            var put = await RetentionRegistration.CreateArchive(sources, configuration, log).Put(month, isDryRun, CancellationToken.None);
            foreach (var table in put)
            {
                await Console.Out.WriteLineAsync($"{(isDryRun ? "Would put away" : "Put away")} {table.Rows} rows of {table.Table}");
            }

            if (put.Count == 0)
            {
                await Console.Out.WriteLineAsync("Nothing was put away: there is no such month, or runs of it have not ended.");
            }
        });
    }

    static Task<int> Restore(string[] files, int days) => WithDatabase(async (database, _, _) =>
    {
        foreach (var file in files)
        {
            var manifest = await RunRestore.Restore(database.Connections.Owner, file, days, CancellationToken.None);
            await Console.Out.WriteLineAsync($"Brought back {manifest.Rows} rows of {manifest.Table} for {days} days");
        }
    });

    static async Task<int> WithDatabase(Func<Database, IConfiguration, ILoggerFactory, Task> work)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        using var log = LoggerFactory.Create(logging => logging.AddSimpleConsole());
        await using var database = await Database.Open(DatabaseOptions.From(configuration), log, CancellationToken.None);
        try
        {
            await work(database, configuration, log);
            return 0;
        }
        catch (ArchiveException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    static async Task<int> Usage(string usage)
    {
        await Console.Error.WriteLineAsync($"usage: {usage}");
        return 2;
    }
}
