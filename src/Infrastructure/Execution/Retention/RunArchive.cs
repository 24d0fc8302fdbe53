using System.Data;
using System.Globalization;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Archives;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Retention;

/// <summary>
/// Puts a month of runs and their steps away. Each table in one transaction: nobody may write into the month, its rows go into a file, the file is
/// on the disk and reads back right, and only then the partition is dropped and the archive noted. Whatever breaks before that commit leaves
/// the month as it was; the next attempt writes the file again.
/// </summary>
public sealed class RunArchive
{
    const string RunsTable = "execution.runs";
    const string StepsTable = "execution.run_steps";

    /// <summary>COPY takes no parameters: the statements below read the month from the transaction's settings.</summary>
    const string Settings = """
        select set_config('app.archive_from', platform.uuid_v7_floor(@from)::text, true), set_config('app.archive_until', platform.uuid_v7_floor(@until)::text, true),
          set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO', true), set_config('extra_float_digits', '1', true)
        """;

    const string Freeze = "select platform.freeze_month(@table::regclass, @month)";

    const string Drop = "select platform.drop_month(@table::regclass, @month, @rows, @sha256, @file)";

    const string UnfinishedRuns = """
        select (select count(*) from execution.runs where id >= current_setting('app.archive_from')::uuid and id < current_setting('app.archive_until')::uuid and finished_at is null)
          + (select count(*) from execution.run_queue q join execution.run_reused_steps r on r.tenant_id = q.tenant_id and r.run_id = q.run_id
            where r.step_id >= current_setting('app.archive_from')::uuid and r.step_id < current_setting('app.archive_until')::uuid)
          + (select count(*) from execution.run_queue where run_id >= current_setting('app.archive_from')::uuid and run_id < current_setting('app.archive_until')::uuid)
        """;

    const string CountRuns = "select count(*) from execution.runs where id >= current_setting('app.archive_from')::uuid and id < current_setting('app.archive_until')::uuid";

    const string CountSteps = "select count(*) from execution.run_steps where id >= current_setting('app.archive_from')::uuid and id < current_setting('app.archive_until')::uuid";

    const string CopyRuns = """
        copy (select row_to_json(r) from execution.runs r where id >= current_setting('app.archive_from')::uuid and id < current_setting('app.archive_until')::uuid) to stdout
        """;

    const string CopySteps = """
        copy (select row_to_json(s) from execution.run_steps s where id >= current_setting('app.archive_from')::uuid and id < current_setting('app.archive_until')::uuid) to stdout
        """;

    readonly DataSources sources;
    readonly RetentionOptions options;
    readonly ILogger log;

    internal RunArchive(DataSources sources, RetentionOptions options, ILogger<RunArchive> log)
    {
        this.sources = sources;
        this.options = options;
        this.log = log;
    }

    /// <returns>What was put away: nothing when there is no such month, or when runs of it have not ended.</returns>
    /// <exception cref="ArchiveException">A file did not read back right; the month is still in the database.</exception>
    public async Task<IReadOnlyList<ArchiveManifest>> Put(DateOnly month, bool isDryRun, CancellationToken ct)
    {
        // Steps go first: a run without its steps is what every plan knows, steps without their run are nothing.
        var steps = await Put(StepsTable, CountSteps, CopySteps, month, isDryRun, ct);
        var runs = await Put(RunsTable, CountRuns, CopyRuns, month, isDryRun, ct);
        return [.. new[] { steps, runs }.OfType<ArchiveManifest>()];
    }

    async Task<ArchiveManifest?> Put(string table, string count, string copy, DateOnly month, bool isDryRun, CancellationToken ct)
    {
        await using var connection = await sources.Engine.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        await Scalar(connection, Settings, ct, ("from", Start(month)), ("until", Start(month.AddMonths(1))));

        // Both: a run that goes on must not lose its steps, and a step that is overridden must not be forgotten.
        var isThere = await Scalar(connection, Freeze, ct, ("table", table), ("month", month)) is true;
        await Scalar(connection, Freeze, ct, ("table", RunsTable), ("month", month));
        if (!isThere)
        {
            return null;
        }

        if (await Scalar(connection, UnfinishedRuns, ct) is long unfinished and > 0)
        {
            log.LogInformation("Month {Month} of {Table} stays: {Count} of its runs have not ended", month, table, unfinished);
            return null;
        }

        var rows = (long)(await Scalar(connection, count, ct))!;
        var file = Path.GetFullPath(Path.Combine(options.DirectoryOf(month), $"{table}.copy.gz"));
        if (isDryRun)
        {
            log.LogInformation("Would put {Rows} rows of {Table} of month {Month} into {File}", rows, table, month, file);
            return new ArchiveManifest(ArchiveManifest.CurrentFormat, table, month, rows, 0, "");
        }

        ArchiveManifest manifest;
        using (var lines = await connection.BeginTextExportAsync(copy, ct))
        {
            manifest = await ArchiveFile.Write(file, table, month, rows, lines, ct);
        }

        await Scalar(connection, Drop, ct, ("table", table), ("month", month), ("rows", rows), ("sha256", manifest.Sha256), ("file", file));
        await transaction.CommitAsync(ct);
        log.LogInformation("Put {Rows} rows of {Table} of month {Month} into {File}", rows, table, month.ToString("yyyy-MM", CultureInfo.InvariantCulture), file);
        return manifest;
    }

    static DateTime Start(DateOnly month) => month.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    static async Task<object?> Scalar(NpgsqlConnection connection, string sql, CancellationToken ct, params (string Name, object Value)[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 3600 };
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return await command.ExecuteScalarAsync(ct);
    }
}
