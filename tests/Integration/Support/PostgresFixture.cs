using System.Security.Cryptography;
using System.Text;
using AgentPlatform.Infrastructure.Shared.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentPlatform.Integration.Support;

/// <summary>
/// One embedded server per test run, one migrated template database, and a clone of it for whoever asks: a clone takes some 50 ms.
/// A machine without PostgreSQL fails the tests; it never skips them.
/// </summary>
public static class PostgresFixture
{
    const string Template = "template_migrated";

    /// <summary>Fixed for one build of the tests: a run that was killed leaves its server, and the next one takes it over.</summary>
    static readonly string Data = Path.Combine(Path.GetTempPath(), "agentplatform-tests-" + Hash(AppContext.BaseDirectory));

    /// <summary>Test data may die with the machine: nobody waits for its disk. Chaos and benchmarks run with the defaults.</summary>
    static readonly Dictionary<string, string> Fast = new(StringComparer.Ordinal)
    {
        ["fsync"] = "off",
        ["synchronous_commit"] = "off",
        ["full_page_writes"] = "off",
        ["max_connections"] = "300",
    };

    static readonly Lock Gate = new();
    static Task<Server>? running;

    /// <summary>A migrated database of one's own.</summary>
    public static async Task<DatabaseConnections> NewDatabase() => await Create(Template);

    /// <summary>A database with the roles' rights and nothing in it.</summary>
    public static async Task<DatabaseConnections> EmptyDatabase() => await Create("template_empty");

    /// <summary>The superuser's connection string, for looking at what only it may see.</summary>
    public static async Task<string> Admin() => (await Running()).Embedded.AdminConnectionString;

    internal static async Task Stop()
    {
        if (running is null)
        {
            return;
        }
        NpgsqlConnection.ClearAllPools();
        var server = await running;
        await server.Embedded.DisposeAsync();
        if (!File.Exists(Path.Combine(server.Embedded.ClusterDirectory, "postmaster.pid")))
        {
            // Set aside first: a run that is ended meanwhile leaves nothing that the next one would take for a cluster.
            var gone = $"{Data}.{Guid.CreateVersion7():n}";
            Directory.Move(Data, gone);
            Directory.Delete(gone, recursive: true);
        }
    }

    static Task<Server> Running()
    {
        lock (Gate)
        {
            return running ??= Start();
        }
    }

    static async Task<Server> Start()
    {
        var embedded = await EmbeddedPostgres.Start(Data, NullLogger.Instance, CancellationToken.None, Fast);
        await using var admin = await Open(embedded.AdminConnectionString);
        await DropLeftovers(admin);
        var empty = await DatabaseBootstrap.EnsureRolesAndDatabase(
            embedded.AdminConnectionString, "template_empty", NullLogger.Instance, CancellationToken.None, new PoolSizes(4, 10, 10, 4));
        await Execute(admin, $"create database {Template} template template_empty owner agentplatform_owner");
        await new Migrator(To(empty.Owner, Template)).Up(CancellationToken.None);
        return new(embedded, empty);
    }

    static async Task DropLeftovers(NpgsqlConnection admin)
    {
        var names = new List<string>();
        await using (var command = new NpgsqlCommand("select datname::text from pg_database where datname ~ '^(test|template)_'", admin))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                names.Add(reader.GetString(0));
            }
        }
        foreach (var name in names)
        {
            await Execute(admin, $"drop database {name} with (force)");
        }
    }

    static async Task<DatabaseConnections> Create(string template)
    {
        var server = await Running();
        var name = $"test_{Guid.CreateVersion7():n}";
        await using (var admin = await Open(server.Embedded.AdminConnectionString))
        {
            await Execute(admin, $"create database {name} template {template} owner agentplatform_owner");
        }
        var empty = server.Empty;
        return new(To(empty.Owner, name), To(empty.App, name), To(empty.Engine, name), To(empty.Operator, name));
    }

    static string To(string connectionString, string database) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Database = database,
        // Every database has pools of its own: they give their connections back soon.
        ConnectionIdleLifetime = 5,
        ConnectionPruningInterval = 1,
    }.ConnectionString;

    static async Task<NpgsqlConnection> Open(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];

    sealed record Server(EmbeddedPostgres Embedded, DatabaseConnections Empty);
}
