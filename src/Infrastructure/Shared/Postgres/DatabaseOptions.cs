using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Shared.Postgres;

/// <summary>
/// Where the database is. Without <paramref name="MainConnectionString"/> a private server is started under <paramref name="DataDirectory"/>.
/// </summary>
/// <param name="MainConnectionString">A superuser or a role that may create roles: it makes the four roles and is used for nothing else.</param>
/// <param name="DataDirectory">Holds the embedded server's files, its password and its locks.</param>
public sealed record DatabaseOptions(string? MainConnectionString, string DataDirectory)
{
    /// <summary>The four roles' own connection strings, for those whose administrator made the roles by hand. All four or none.</summary>
    public DatabaseConnections? Overrides { get; init; }

    public PoolSizes Pools { get; init; } = new();

    /// <summary>Reads <c>ConnectionStrings__{Main,Owner,App,Engine,Operator}</c> and <c>AGENTPLATFORM_DATA</c> (default <c>.data</c>).</summary>
    /// <exception cref="DatabaseStartException">Some of the four roles' strings are set, and others are not.</exception>
    public static DatabaseOptions From(IConfiguration configuration)
    {
        var data = configuration["AGENTPLATFORM_DATA"];
        return new(Text(configuration.GetConnectionString("Main")), string.IsNullOrWhiteSpace(data) ? ".data" : data)
        {
            Overrides = OverridesFrom(configuration),
        };
    }

    static DatabaseConnections? OverridesFrom(IConfiguration configuration)
    {
        string?[] given = [.. new[] { "Owner", "App", "Engine", "Operator" }.Select(role => Text(configuration.GetConnectionString(role)))];
        if (given.All(x => x is null))
        {
            return null;
        }
        return given is [{ } owner, { } app, { } engine, { } @operator]
            ? new(owner, app, engine, @operator)
            : throw new DatabaseStartException("Set all four of ConnectionStrings__Owner, __App, __Engine and __Operator, or none of them.");
    }

    static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}

/// <summary>Connection strings for the four roles once the database is up and its roles exist.</summary>
public sealed record DatabaseConnections(string Owner, string App, string Engine, string Operator);

/// <summary>
/// The most connections that one process opens for each role. The defaults of two processes fit into PostgreSQL's own 100;
/// <c>Maximum Pool Size</c> in the Main string wins over them.
/// </summary>
public sealed record PoolSizes(int Owner = 4, int App = 20, int Engine = 16, int Operator = 4);

/// <summary>The database cannot be used as it is. The message is one sentence that tells the operator what to change.</summary>
public sealed class DatabaseStartException(string message, Exception? inner = null) : Exception(message, inner);
