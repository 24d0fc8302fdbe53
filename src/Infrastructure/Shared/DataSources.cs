using Npgsql;

namespace AgentPlatform.Infrastructure.Shared;

/// <summary>One pool per database role; each part of the program connects with the least that its work needs.</summary>
/// <param name="App">Requests: row-level security applies.</param>
/// <param name="Engine">The run engine and the schedulers: crosses tenants on the tables it needs, nowhere else.</param>
/// <param name="Operator">The admin console: reads across tenants.</param>
sealed record DataSources(NpgsqlDataSource App, NpgsqlDataSource Engine, NpgsqlDataSource Operator) : IAsyncDisposable
{
    public static DataSources Connect(string app, string engine, string @operator) =>
        new(NpgsqlDataSource.Create(app), NpgsqlDataSource.Create(engine), NpgsqlDataSource.Create(@operator));

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Engine.DisposeAsync();
        await Operator.DisposeAsync();
    }
}
