using Npgsql;

namespace AgentPlatform.Integration.Support;

/// <summary>One statement on a connection of its own.</summary>
static class Sql
{
    public static async Task Execute(string connectionString, string sql)
    {
        await using var source = Source(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row; null when there is no row, or nothing in it.</summary>
    public static async Task<T?> Scalar<T>(string connectionString, string sql)
    {
        await using var source = Source(connectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public static async Task<IReadOnlyList<string>> Column(string connectionString, string sql)
    {
        await using var source = Source(connectionString);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetString(0));
        }
        return values;
    }

    /// <summary>The tenant's context, set for the whole connection: what the application sets for each transaction.</summary>
    public static string ForTenant(string connectionString, Guid tenant) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Options = $"-c app.tenant_id={tenant}" }.ConnectionString;

    static NpgsqlDataSource Source(string connectionString) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
}
