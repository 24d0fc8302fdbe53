using Npgsql;

namespace AgentPlatform.Integration.Support;

/// <summary>One statement on a connection of its own; its values are <c>$1</c>, <c>$2</c> and so on.</summary>
static class Sql
{
    public static async Task Execute(string connectionString, string sql, params object[] values)
    {
        await using var source = Source(connectionString);
        await using var command = Command(source, sql, values);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row; null when there is no row, or nothing in it.</summary>
    public static async Task<T?> Scalar<T>(string connectionString, string sql, params object[] values)
    {
        await using var source = Source(connectionString);
        await using var command = Command(source, sql, values);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public static async Task<IReadOnlyList<string>> Column(string connectionString, string sql, params object[] values)
    {
        await using var source = Source(connectionString);
        await using var command = Command(source, sql, values);
        return await Column(command);
    }

    public static async Task<IReadOnlyList<string>> Column(NpgsqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        var column = new List<string>();
        while (await reader.ReadAsync())
        {
            column.Add(reader.GetString(0));
        }
        return column;
    }

    /// <summary>The tenant's context, set for the whole connection: what the application sets for each transaction.</summary>
    public static string ForTenant(string connectionString, Guid tenant) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Options = $"-c app.tenant_id={tenant}" }.ConnectionString;

    static NpgsqlCommand Command(NpgsqlDataSource source, string sql, object[] values)
    {
        var command = source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    static NpgsqlDataSource Source(string connectionString) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
}
