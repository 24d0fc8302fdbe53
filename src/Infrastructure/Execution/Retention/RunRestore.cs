using AgentPlatform.Infrastructure.Shared.Archives;
using Npgsql;

namespace AgentPlatform.Infrastructure.Execution.Retention;

/// <summary>
/// Brings a month back from its file, as the owner of the tables. The partition is made first and for itself, so that nobody waits while it is
/// filled; its rows appear all at once. For some days nothing of it is put away or deleted again.
/// </summary>
public static class RunRestore
{
    /// <summary>Some tables have no months; theirs is what belongs to the runs of it.</summary>
    const string Ensure = "select platform.ensure_month_partitions(@table::regclass, @month, 1) from pg_class where oid = @table::regclass and relkind = 'p'";

    /// <summary>What comes back is no news to those who watch.</summary>
    const string Prepare = """
        select set_config('app.notes_changes', 'on', true);
        create temporary table restored (line json) on commit drop;
        """;

    const string Load = "copy restored (line) from stdin";

    const string Put = "select platform.restore_month(@table::regclass, @month)";

    const string Note = """
        insert into platform.archives as a (table_name, month, rows, sha256, file, restored_at, keep_until)
        values (@table, @month, @rows, @sha256, @file, now(), now() + make_interval(days => @days))
        on conflict (table_name, month) do update set restored_at = now(), keep_until = excluded.keep_until
        """;

    /// <param name="owner">Connection string of the tables' owner.</param>
    /// <param name="keepDays">For how long the month stays in the database.</param>
    /// <exception cref="ArchiveException">The file is not what its manifest says, or the month is there already.</exception>
    public static async Task<ArchiveManifest> Restore(string owner, string file, int keepDays, CancellationToken ct)
    {
        var manifest = await ArchiveManifest.Read(file, ct);
        await ArchiveFile.Verify(file, manifest, ct);
        await using var source = NpgsqlDataSource.Create(owner);
        await using var connection = await source.OpenConnectionAsync(ct);
        try
        {
            await Execute(connection, Ensure, ct, ("table", manifest.Table), ("month", manifest.Month));
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await Execute(connection, Prepare, ct);
            await using (var writer = await connection.BeginTextImportAsync(Load, ct))
            {
                await ArchiveFile.CopyTo(file, writer, ct);
            }

            if (await Execute(connection, Put, ct, ("table", manifest.Table), ("month", manifest.Month)) is not long put || put != manifest.Rows)
            {
                throw new ArchiveException($"{file} did not bring back the {manifest.Rows} rows that its manifest tells of.");
            }

            await Execute(connection, Note, ct, ("table", manifest.Table), ("month", manifest.Month), ("rows", manifest.Rows), ("sha256", manifest.Sha256),
                ("file", Path.GetFullPath(file)), ("days", keepDays));
            await transaction.CommitAsync(ct);
        }
        catch (PostgresException e)
        {
            throw new ArchiveException($"{file} cannot be brought back: {e.MessageText}.", e);
        }

        return manifest;
    }

    static async Task<object?> Execute(NpgsqlConnection connection, string sql, CancellationToken ct, params (string Name, object Value)[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 3600 };
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return await command.ExecuteScalarAsync(ct);
    }
}
