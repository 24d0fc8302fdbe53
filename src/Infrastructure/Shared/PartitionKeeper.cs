using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Shared;

/// <summary>A table that is partitioned by month; its module registers it.</summary>
/// <param name="Name">Schema-qualified.</param>
sealed record PartitionedTable(string Name);

/// <summary>
/// Makes the partitions of the months to come, at start and then every few hours, on every scheduler: doing it twice is harmless.
/// Rows that no month took are reported, because a month cannot be made while the default partition holds rows of it.
/// </summary>
sealed class PartitionKeeper(DataSources sources, IEnumerable<PartitionedTable> tables, TimeProvider time, ILogger<PartitionKeeper> log)
    : PeriodicJob(TimeSpan.FromHours(6), time, log, retry: TimeSpan.FromMinutes(1)), IWarn
{
    const int MonthsAhead = 3;

    const string Ensure = "select platform.ensure_month_partitions(@table::regclass, current_date, @months)";

    const string Unforeseen = "select platform.unforeseen_rows(@table::regclass)";

    /// <summary>Tables whose default partition holds rows, as of the last look.</summary>
    public IReadOnlyList<string> WithUnforeseenRows { get; private set; } = [];

    public IEnumerable<string> Warnings => WithUnforeseenRows.Select(table => $"The default partition of {table} holds rows that no month took.");

    public override async Task DoOnce(CancellationToken ct)
    {
        var odd = new List<string>();
        await using var connection = await sources.Engine.OpenConnectionAsync(ct);
        foreach (var table in tables)
        {
            await using var ensure = new NpgsqlCommand(Ensure, connection);
            ensure.Parameters.AddWithValue("table", table.Name);
            ensure.Parameters.AddWithValue("months", MonthsAhead + 1);
            if (await ensure.ExecuteScalarAsync(ct) is int made and > 0)
            {
                Log.LogInformation("Made {Count} partitions of {Table}", made, table.Name);
            }

            await using var look = new NpgsqlCommand(Unforeseen, connection);
            look.Parameters.AddWithValue("table", table.Name);
            if (await look.ExecuteScalarAsync(ct) is int and > 0)
            {
                odd.Add(table.Name);
                Log.LogError("The default partition of {Table} holds rows that no month took; move them", table.Name);
            }
        }

        WithUnforeseenRows = odd;
    }

}
