using Npgsql;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

sealed record MigrationRow(string Module, int Version, string Name, string Checksum, DateTimeOffset AppliedAt)
{
    public string Id => MigrationFile.IdOf(Module, Version);
}

/// <summary><c>platform.migrations</c>: what was applied. Made by the runner, because the first migration already needs it.</summary>
static class MigrationTable
{
    /// <summary>What was applied.</summary>
    /// <returns>Null when the table does not exist yet.</returns>
    public static async Task<IReadOnlyList<MigrationRow>?> Read(NpgsqlConnection connection, CancellationToken ct)
    {
        const string sql = "select module, version, name, checksum, applied_at from platform.migrations order by module, version";
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync(ct);
            var rows = new List<MigrationRow>();
            while (await reader.ReadAsync(ct))
            {
                rows.Add(new(
                    reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), await reader.GetFieldValueAsync<DateTimeOffset>(4, ct)));
            }
            return rows;
        }
        catch (PostgresException problem) when (problem.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return null;
        }
    }

    public static async Task Ensure(NpgsqlConnection connection, CancellationToken ct)
    {
        const string sql = """
            create schema if not exists platform;
            create table if not exists platform.migrations (
              module text not null,
              version int not null check (version > 0),
              name text not null,
              checksum text not null,
              applied_at timestamptz not null default now(),
              duration_ms int not null,
              primary key (module, version)
            );
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task Add(NpgsqlConnection connection, MigrationFile file, int durationMs, CancellationToken ct)
    {
        const string sql = """
            insert into platform.migrations (module, version, name, checksum, duration_ms)
            values (@module, @version, @name, @checksum, @duration)
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("module", file.Module);
        command.Parameters.AddWithValue("version", file.Version);
        command.Parameters.AddWithValue("name", file.Name);
        command.Parameters.AddWithValue("checksum", file.Checksum);
        command.Parameters.AddWithValue("duration", durationMs);
        await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task Remove(NpgsqlConnection connection, MigrationFile file, CancellationToken ct)
    {
        const string sql = "delete from platform.migrations where module = @module and version = @version";
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("module", file.Module);
        command.Parameters.AddWithValue("version", file.Version);
        await command.ExecuteNonQueryAsync(ct);
    }
}
