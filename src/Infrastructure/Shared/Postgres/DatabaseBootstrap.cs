using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>Makes the four roles and the database where they are missing. Grants on tables belong to the migrations.</summary>
public static class DatabaseBootstrap
{
    /// <summary>An arbitrary number that all our nodes agree on ("agpboot" in ASCII).</summary>
    const long LockKey = 0x6167_7062_6F6F_74;

    const string Maintenance = "postgres";

    /// <summary>Connection strings for the four roles, whose passwords are derived from the one of the given string.</summary>
    /// <param name="adminOrMainConnectionString">A superuser, or a role that may create roles; any role that can log in when all four exist already.</param>
    /// <param name="databaseName">Null: the one that the string names. Made when it does not exist.</param>
    /// <exception cref="DatabaseStartException">Something is missing that this role may not make.</exception>
    public static async Task<DatabaseConnections> EnsureRolesAndDatabase(
        string adminOrMainConnectionString, string? databaseName, ILogger log, CancellationToken ct, PoolSizes? pools = null)
    {
        var main = Parse(adminOrMainConnectionString);
        if (string.IsNullOrEmpty(main.Password))
        {
            throw new DatabaseStartException("ConnectionStrings__Main has no password, from which those of the four roles are derived; add one or set the four strings.");
        }
        main.Database = databaseName ?? main.Database ?? main.Username;
        var connections = RoleConnections.For(main, pools ?? new());
        if (await AllAnswer(connections, ct))
        {
            return connections;
        }
        try
        {
            await Make(main, connections, log, ct);
        }
        catch (PostgresException problem)
        {
            throw new DatabaseStartException($"The role {main.Username} could not prepare the database {main.Database}: {problem.MessageText}.", problem);
        }
        return connections;
    }

    static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new(connectionString);
        }
        catch (ArgumentException problem)
        {
            throw new DatabaseStartException(
                "ConnectionStrings__Main is not a connection string; write it as Host=…;Port=5432;Username=…;Password=…;Database=….", problem);
        }
    }

    /// <summary>The usual start: everything is there, and no lock is taken.</summary>
    static async Task<bool> AllAnswer(DatabaseConnections connections, CancellationToken ct)
    {
        const string isReady = """
            select has_database_privilege(current_user, current_database(), 'create')
              and exists (select from pg_catalog.pg_extension where extname = 'citext')
            """;
        string[] others = [connections.App, connections.Engine, connections.Operator];
        var answers = await Task.WhenAll([Answers(connections.Owner, isReady, ct), .. others.Select(x => Answers(x, "select true", ct))]);
        return answers.All(x => x);
    }

    static async Task<bool> Answers(string connectionString, string question, CancellationToken ct)
    {
        try
        {
            await using var connection = await Connect(connectionString, ct);
            await using var command = new NpgsqlCommand(question, connection);
            return (bool)(await command.ExecuteScalarAsync(ct))!;
        }
        catch (PostgresException problem) when (problem.SqlState is
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
            or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
        catch (NpgsqlException problem)
        {
            throw new DatabaseStartException($"The database server does not answer: {problem.Message}", problem);
        }
    }

    static async Task Make(NpgsqlConnectionStringBuilder main, DatabaseConnections connections, ILogger log, CancellationToken ct)
    {
        // Advisory locks count per database: ten nodes must meet in the same one, and the one to be made may not exist yet.
        await using var connection = await Maintain(main, ct);
        await Execute(connection, "select pg_advisory_lock(@key)", ct, ("key", LockKey));
        foreach (var role in RoleConnections.Roles)
        {
            await RoleBootstrap.Ensure(connection, role, RoleConnections.Of(connections, role), log, ct);
        }
        if (!await Exists(connection, main.Database!, ct))
        {
            await RoleBootstrap.Join(connection, RoleConnections.OwnerRole, ct);
            await ExecuteFormatted(connection, "create database %I owner %I", ct, main.Database!, RoleConnections.OwnerRole);
            log.LogInformation("Created the database {Database}", main.Database);
        }
        await using var inside = await Connect(main.ConnectionString, ct);
        if (!await OwnerMayCreate(inside, ct))
        {
            await ExecuteFormatted(inside, "grant connect, create, temporary on database %I to %I", ct, main.Database!, RoleConnections.OwnerRole);
        }
        // As the owner: citext is a trusted extension, so that whoever may create in the database may create it.
        await using var owner = await Connect(connections.Owner, ct);
        await Execute(owner, "create extension if not exists citext", ct);
    }

    static async Task<NpgsqlConnection> Maintain(NpgsqlConnectionStringBuilder main, CancellationToken ct)
    {
        try
        {
            return await Connect(new NpgsqlConnectionStringBuilder(main.ConnectionString) { Database = Maintenance }.ConnectionString, ct);
        }
        catch (PostgresException problem) when (problem.SqlState is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege)
        {
            return await Connect(main.ConnectionString, ct);
        }
    }

    static async Task<bool> Exists(NpgsqlConnection connection, string database, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select exists (select from pg_catalog.pg_database where datname = @name)", connection);
        command.Parameters.AddWithValue("name", database);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    static async Task<bool> OwnerMayCreate(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select has_database_privilege(@owner, current_database(), 'create')", connection);
        command.Parameters.AddWithValue("owner", RoleConnections.OwnerRole);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    internal static async Task<NpgsqlConnection> Connect(string connectionString, CancellationToken ct)
    {
        // Once per start: a pool would keep the connection and its server process for minutes.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>For statements that take no parameters: the server itself quotes the arguments (<c>%I</c> a name, <c>%L</c> a literal).</summary>
    internal static async Task ExecuteFormatted(NpgsqlConnection connection, string format, CancellationToken ct, params string[] arguments)
    {
        await using var quote = new NpgsqlCommand("select format(@format, variadic @arguments)", connection);
        quote.Parameters.AddWithValue("format", format);
        quote.Parameters.AddWithValue("arguments", arguments);
        var sql = (string)(await quote.ExecuteScalarAsync(ct))!;
        await Execute(connection, sql, ct);
    }

    static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken ct, params (string Name, object Value)[] parameters)
    {
        // Another node may be making the same; creating a database copies a template. Both can take longer than a statement may.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }
        await command.ExecuteNonQueryAsync(ct);
    }
}
