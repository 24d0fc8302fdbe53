using System.Data;
using System.Globalization;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Archives;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Retention;

/// <summary>How one table's rows of a month get into a file and out of the database, while everybody goes on writing into the other months.</summary>
sealed class MonthArchive(DataSources sources, RetentionOptions options, TimeProvider time, ILogger log)
{
    /// <summary>A busy table is asked for its lock again and again, a second at most each time, so that nobody waits long behind the one who asks.</summary>
    const int Tries = 20;

    const int MinPauseMs = 100;
    const int MaxPauseMs = 1500;

    /// <summary>COPY takes no parameters: the statements read the month from the transaction's settings.</summary>
    const string Settings = """
        select set_config('app.archive_from', platform.uuid_v7_floor(@from)::text, true), set_config('app.archive_until', platform.uuid_v7_floor(@until)::text, true),
          set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO', true), set_config('extra_float_digits', '1', true)
        """;

    /// <summary>What has not ended has a row in the queue; forks stand on steps of earlier months.</summary>
    const string Queued = """
        select (select count(*) from execution.run_queue where run_id >= current_setting('app.archive_from')::uuid and run_id < current_setting('app.archive_until')::uuid)
          + (select count(*) from execution.run_queue q join execution.run_reused_steps r on r.tenant_id = q.tenant_id and r.run_id = q.run_id
            where r.step_id >= current_setting('app.archive_from')::uuid and r.step_id < current_setting('app.archive_until')::uuid)
        """;

    const string Unfinished = """
        select count(*) from execution.runs where id >= current_setting('app.archive_from')::uuid and id < current_setting('app.archive_until')::uuid and finished_at is null
        """;

    const string Exists = "select platform.month_partition(@table::regclass, @month) is not null";

    const string FreezeMonth = "select platform.freeze_month(@table::regclass, @month)";

    const string DropMonth = "select platform.drop_month(@table::regclass, @month, @rows, @sha256, @file)";

    const string Note = "select platform.note_archive(@table, @month, @rows, @sha256, @file)";

    const string Former = "select rows, sha256, file from platform.archives where table_name = @table and month = @month";

    public async Task<long> CountUnfinished(DateOnly month, CancellationToken ct)
    {
        await using var session = await Begin(month, ct);
        var count = await session.Scalar(Unfinished, ct) is long runs and > 0 ? runs : (long)(await session.Scalar(Queued, ct))!;
        if (count > 0)
        {
            log.LogInformation("Month {Month} of runs stays: {Count} have not ended", Text(month), count);
        }

        return count;
    }

    /// <summary>Does nothing when there is no such month.</summary>
    public Task Freeze(string table, DateOnly month, CancellationToken ct) => Insist(table, month, async session =>
    {
        await session.Scalar(FreezeMonth, ct, ("table", table), ("month", month));
        await RefuseWhenQueued(session, month, ct);
    }, ct);

    /// <summary>Drops the month's partition, which is frozen.</summary>
    /// <returns>Null when there is no such month.</returns>
    public async Task<ArchiveManifest?> PutPartition(string table, string count, string copy, DateOnly month, bool isDryRun, CancellationToken ct)
    {
        Written written;
        await using (var session = await Begin(month, ct))
        {
            if (await session.Scalar(Exists, ct, ("table", table), ("month", month)) is not true)
            {
                return null;
            }

            written = await Write(session, table, count, copy, month, isDryRun, ct);
        }

        if (!isDryRun)
        {
            // A transaction of its own: what was read above is locked until its transaction ends, and the drop has to lock the table before anything of it.
            await Insist(table, month, async session =>
            {
                await session.Scalar(DropMonth, ct, written.Note());
                await RefuseWhenQueued(session, month, ct);
            }, ct);
        }

        return written.Manifest;
    }

    /// <summary>Deletes the rows of the month's runs from a table that has no months.</summary>
    /// <returns>Null when there are none.</returns>
    public async Task<ArchiveManifest?> PutRows(string table, string count, string copy, string delete, DateOnly month, bool isDryRun, CancellationToken ct)
    {
        await using var session = await Begin(month, ct);
        if (await session.Scalar(count, ct) is not long rows || rows == 0)
        {
            return null;
        }

        var written = await Write(session, table, count, copy, month, isDryRun, ct);
        if (!isDryRun)
        {
            await session.Scalar(delete, ct);
            await session.Scalar(Note, ct, written.Note());
            await session.Commit(ct);
        }

        return written.Manifest;
    }

    async Task<Written> Write(Session session, string table, string count, string copy, DateOnly month, bool isDryRun, CancellationToken ct)
    {
        var rows = (long)(await session.Scalar(count, ct))!;
        var file = Path.GetFullPath(Path.Combine(options.DirectoryOf(month), $"{table}.copy.gz"));
        if (isDryRun)
        {
            log.LogInformation("Would put {Rows} rows of {Table} of month {Month} into {File}", rows, table, Text(month), file);
            return new(new ArchiveManifest(ArchiveManifest.CurrentFormat, table, month, rows, 0, ""), file);
        }

        // A month that was brought back is put away again as it was: since then nothing was added to it, and details may have gone.
        if (await FindFormer(session, table, month, rows, ct) is { } former)
        {
            log.LogInformation("Month {Month} of {Table} is still in {File}", Text(month), table, former.File);
            return former;
        }

        using var lines = await session.Connection.BeginTextExportAsync(copy, ct);
        var manifest = await ArchiveFile.Write(file, table, month, rows, lines, ct);
        log.LogInformation("Put {Rows} rows of {Table} of month {Month} into {File}", rows, table, Text(month), file);
        return new(manifest, file);
    }

    static async Task<Written?> FindFormer(Session session, string table, DateOnly month, long rows, CancellationToken ct)
    {
        if (await session.Former(table, month, ct) is not { } former)
        {
            return null;
        }

        try
        {
            var manifest = await ArchiveManifest.Read(former.File, ct);
            await ArchiveFile.Verify(former.File, manifest, ct);
            return manifest.Sha256 == former.Sha256 && rows <= former.Rows ? new(manifest, former.File) : null;
        }
        catch (Exception e) when (e is ArchiveException or IOException)
        {
            return rows >= former.Rows
                ? null
                : throw new ArchiveException($"{table} of {Text(month)} stays: it holds {rows} of {former.Rows} rows that were in {former.File}, and that file cannot be read any more.", e);
        }
    }

    static async Task RefuseWhenQueued(Session session, DateOnly month, CancellationToken ct)
    {
        if (await session.Scalar(Queued, ct) is long count and > 0)
        {
            throw new ArchiveException($"Month {Text(month)} of runs stays: {count} of the runs that stand on it have not ended.");
        }
    }

    /// <summary>In a transaction of its own, which is done again when a lock could not be had in time.</summary>
    async Task Insist(string table, DateOnly month, Func<Session, Task> act, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var session = await Begin(month, ct, IsolationLevel.ReadCommitted);
            try
            {
                await act(session);
                await session.Commit(ct);
                return;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                if (attempt == Tries)
                {
                    throw new ArchiveException($"{table} is too busy to let the month {Text(month)} go; try again.", e);
                }
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ObjectNotInPrerequisiteState)
            {
                throw new ArchiveException($"{table} of {Text(month)} stays: {e.MessageText}.", e);
            }

            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ObjectNotInPrerequisiteState)
            {
                throw new ArchiveException($"{table} of {Text(month)} stays: {e.MessageText}.", e);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(MinPauseMs, MaxPauseMs)), time, ct);
        }
    }

    /// <param name="isolation">By default the rows that are counted, copied and deleted are the same ones.</param>
    async Task<Session> Begin(DateOnly month, CancellationToken ct, IsolationLevel isolation = IsolationLevel.RepeatableRead)
    {
        var connection = await sources.Engine.OpenConnectionAsync(ct);
        var session = new Session(connection, await connection.BeginTransactionAsync(isolation, ct));
        await session.Scalar(Settings, ct, ("from", Start(month)), ("until", Start(month.AddMonths(1))));
        return session;
    }

    static DateTime Start(DateOnly month) => month.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    static string Text(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    sealed record Written(ArchiveManifest Manifest, string File)
    {
        public (string, object)[] Note() =>
            [("table", Manifest.Table), ("month", Manifest.Month), ("rows", Manifest.Rows), ("sha256", Manifest.Sha256), ("file", File)];
    }

    sealed record FormerArchive(long Rows, string Sha256, string File);

    sealed class Session(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public NpgsqlConnection Connection => connection;

        public async Task<object?> Scalar(string sql, CancellationToken ct, params (string Name, object Value)[] parameters)
        {
            await using var command = Command(sql, parameters);
            return await command.ExecuteScalarAsync(ct);
        }

        public async Task<FormerArchive?> Former(string table, DateOnly month, CancellationToken ct)
        {
            await using var command = Command(MonthArchive.Former, ("table", table), ("month", month));
            await using var reader = await command.ExecuteReaderAsync(ct);
            return await reader.ReadAsync(ct) ? new(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)) : null;
        }

        public Task Commit(CancellationToken ct) => transaction.CommitAsync(ct);

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }

        NpgsqlCommand Command(string sql, params (string Name, object Value)[] parameters)
        {
            var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 3600 };
            foreach (var (name, value) in parameters)
            {
                command.Parameters.AddWithValue(name, value);
            }

            return command;
        }
    }
}
