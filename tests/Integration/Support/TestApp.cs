using System.Net.Http.Json;
using AgentPlatform.Api;
using AgentPlatform.Infrastructure.Shared.Postgres;
using AgentPlatform.Infrastructure.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Integration.Support;

/// <summary>
/// The real program on a loopback port over a database of its own. Most tests share one instance and bring a fresh tenant each;
/// a test that needs a global view or odd settings starts its own.
/// </summary>
public sealed class TestApp : IAsyncDisposable
{
    static readonly Once<TestApp> OnPostgres = new(() => Start());
    static readonly Once<TestApp> OnRabbit = new(StartOnRabbit);

    readonly Platform platform;
    readonly string keys;
    TestApp? worker;

    TestApp(Platform platform, DatabaseConnections database, string keys)
    {
        this.platform = platform;
        this.keys = keys;
        Database = database;
        Address = new Uri(platform.App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public DatabaseConnections Database { get; }

    public Uri Address { get; }

    /// <summary>For another node over the same database.</summary>
    public string KeyFile => Path.Combine(keys, "master.key");

    public IServiceProvider Services => platform.App.Services;

    public static Task<TestApp> Shared(QueueKind queue = QueueKind.Postgres) => (queue is QueueKind.Postgres ? OnPostgres : OnRabbit).Value();

    /// <summary>A tenant of one's own in the shared program, its owner signed in.</summary>
    public static async Task<TestTenant> NewTenant(QueueKind queue = QueueKind.Postgres) => await (await Shared(queue)).Tenant();

    /// <param name="settings">Configuration on top of the tests' own.</param>
    public static async Task<TestApp> Start(
        IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, DatabaseConnections? on = null)
    {
        var database = on ?? await PostgresFixture.NewDatabase();
        var keys = Directory.CreateTempSubdirectory("agentplatform-keys-").FullName;
        var platform = await Platform.Build([], builder => Configure(builder, database, keys, settings, services));
        await platform.App.StartAsync();
        return new TestApp(platform, database, keys);
    }

    public async Task<TestTenant> Tenant(string? slug = null)
    {
        slug ??= $"t-{Guid.CreateVersion7():n}";
        var person = new TestPerson(this);
        using var answer = await person.Http.PostAsJsonAsync("/v1/signup", new
        {
            email = $"owner@{slug}.example",
            password = TestPerson.Password,
            name = "Olive Owner",
            tenant = new { name = $"Tenant {slug}", slug },
        });
        var body = await answer.Json(expected: 201);
        person.Accept(body);
        return new TestTenant(this, person, body.GetProperty("tenant").GetProperty("id").GetGuid(), slug);
    }

    /// <summary>A caller without any credentials.</summary>
    public HttpClient Anonymous() => new() { BaseAddress = Address };

    public async ValueTask DisposeAsync()
    {
        if (worker is not null)
        {
            await worker.DisposeAsync();
        }

        await platform.DisposeAsync();
        Directory.Delete(keys, recursive: true);
    }

    internal static async Task StopShared()
    {
        foreach (var shared in new[] { OnPostgres, OnRabbit }.Where(shared => shared.HasStarted))
        {
            await (await shared.Value()).DisposeAsync();
        }
    }

    /// <summary>Two nodes: one that accepts and one that executes, so that every run goes by the broker.</summary>
    static async Task<TestApp> StartOnRabbit()
    {
        var settings = await RabbitFixture.Settings(QueueKind.RabbitMq);
        var app = await Start(new Dictionary<string, string?>(settings) { ["Roles"] = "api,scheduler" });
        settings["Encryption:KeyFile"] = Path.Combine(app.keys, "master.key");
        app.worker = await Start(new Dictionary<string, string?>(settings) { ["Roles"] = "worker" }, on: app.Database);
        return app;
    }

    static void Configure(
        WebApplicationBuilder builder, DatabaseConnections database, string keys, IReadOnlyDictionary<string, string?>? settings, Action<IServiceCollection>? services)
    {
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Owner"] = database.Owner,
            ["ConnectionStrings:App"] = database.App,
            ["ConnectionStrings:Engine"] = database.Engine,
            ["ConnectionStrings:Operator"] = database.Operator,
            ["Encryption:KeyFile"] = Path.Combine(keys, "master.key"),
            ["Egress:Allow"] = "127.0.0.0/8",
        });
        if (settings is not null)
        {
            builder.Configuration.AddInMemoryCollection(settings);
        }

        // A test person's password need not stand up to anybody with a graphics card.
        builder.Services.AddSingleton(new PasswordCost(Iterations: 1000, Parallel: 4, MaxWait: TimeSpan.FromSeconds(60)));
        services?.Invoke(builder.Services);
    }
}
