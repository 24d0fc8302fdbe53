using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>The database while this process uses it: the configured server, or the embedded one, which is stopped with us.</summary>
public sealed class Database : IAsyncDisposable
{
    const string EmbeddedName = "agentplatform";

    readonly EmbeddedPostgres? embedded;

    Database(EmbeddedPostgres? embedded, DatabaseConnections connections)
    {
        this.embedded = embedded;
        Connections = connections;
    }

    public DatabaseConnections Connections { get; }

    public bool IsEmbedded => embedded is not null;

    /// <summary>Starts the embedded server where none is configured, and makes the four roles and the database. It does not migrate.</summary>
    /// <exception cref="DatabaseStartException">It cannot be used as it is.</exception>
    public static async Task<Database> Open(DatabaseOptions options, ILoggerFactory log, CancellationToken ct)
    {
        var logger = log.CreateLogger<Database>();
        if (options.Overrides is { } overrides)
        {
            await DatabaseChecks.EnsureSafe(overrides, ct);
            return new(null, overrides);
        }
        if (options.MainConnectionString is { } main)
        {
            var connections = await DatabaseBootstrap.EnsureRolesAndDatabase(main, null, logger, ct, options.Pools);
            await DatabaseChecks.EnsureSafe(connections, ct);
            return new(null, connections);
        }
        var server = await EmbeddedPostgres.Start(options.DataDirectory, logger, ct);
        try
        {
            var connections = await DatabaseBootstrap.EnsureRolesAndDatabase(server.AdminConnectionString, EmbeddedName, logger, ct, options.Pools);
            await DatabaseChecks.EnsureSafe(connections, ct);
            return new(server, connections);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => embedded?.DisposeAsync() ?? ValueTask.CompletedTask;
}
