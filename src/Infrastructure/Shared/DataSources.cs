using AgentPlatform.Infrastructure.Shared.Postgres;
using Npgsql;

namespace AgentPlatform.Infrastructure.Shared;

/// <summary>One pool per database role; each part of the program connects with the least that its work needs.</summary>
public sealed class DataSources : IAsyncDisposable
{
    /// <summary>No database at all: for describing the API.</summary>
    public static readonly DataSources None = new("Host=none");

    DataSources(string nowhere)
    {
        App = Engine = Writer = RunWriter = Operator = Quartz = NpgsqlDataSource.Create(nowhere);
        ListenString = nowhere;
    }

    DataSources(DatabaseConnections connections)
    {
        App = Pool("app", connections.App);
        Engine = Pool("engine", connections.Engine);
        Operator = Pool("operator", connections.Operator);
        Writer = Pool("writer", ForWriting(connections.Engine, size: 6, ""));
        RunWriter = Pool("run-writer", ForWriting(connections.Engine, size: 5, " -c app.notes_changes=on"));
        Quartz = Pool("quartz", new NpgsqlConnectionStringBuilder(connections.Engine) { MaxPoolSize = 6, ApplicationName = "agentplatform-quartz" }.ConnectionString);
        ListenString = new NpgsqlConnectionStringBuilder(connections.Engine) { Pooling = false, KeepAlive = 10, ApplicationName = "agentplatform-listen" }.ConnectionString;
    }

    /// <summary>Requests: row-level security applies.</summary>
    internal NpgsqlDataSource App { get; }

    /// <summary>The run engine and the schedulers: crosses tenants on the tables it needs, nowhere else.</summary>
    internal NpgsqlDataSource Engine { get; }

    /// <summary>
    /// The engine's batch writers. Their few statements touch rows by key, whatever the planner thinks of a table that was empty when
    /// the plan was made and is not any more: index scans and nested loops only.
    /// </summary>
    internal NpgsqlDataSource Writer { get; }

    /// <summary>
    /// As <see cref="Writer"/>, for the statements that store runs by the thousand and note in the same breath what they changed
    /// (<c>execution.run_changes</c>): the triggers that do it for everybody else keep still here.
    /// </summary>
    internal NpgsqlDataSource RunWriter { get; }

    /// <summary>The admin console: reads across tenants.</summary>
    internal NpgsqlDataSource Operator { get; }

    /// <summary>Quartz's own few connections: it may wait for its locks without keeping the engine's.</summary>
    internal NpgsqlDataSource Quartz { get; }

    /// <summary>For the connection that listens for notifications; it lives outside the pools.</summary>
    internal string ListenString { get; }

    public static DataSources Connect(DatabaseConnections connections) => new(connections);

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Engine.DisposeAsync();
        await Writer.DisposeAsync();
        await RunWriter.DisposeAsync();
        await Operator.DisposeAsync();
        await Quartz.DisposeAsync();
    }

    /// <summary>The name is what metrics call the pool; without one they would show the connection string.</summary>
    static NpgsqlDataSource Pool(string name, string connectionString) => new NpgsqlDataSourceBuilder(connectionString) { Name = name }.Build();

    static string ForWriting(string engine, int size, string more) => new NpgsqlConnectionStringBuilder(engine)
    {
        // Planned while the queue was empty, a claim would else gather all that wait by a bitmap and sort it, for the few that it takes.
        Options = "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan" + more,
        MaxPoolSize = size,
        MaxAutoPrepare = 20,
        AutoPrepareMinUsages = 1,
        ApplicationName = "agentplatform-writer",
    }.ConnectionString;
}
