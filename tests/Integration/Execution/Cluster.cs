using AgentPlatform.Infrastructure.Shared.Postgres;
using AgentPlatform.Integration.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Integration.Execution;

/// <summary>Nodes of the program over one database and one master key, with short leases, and a tenant on the first of them.</summary>
sealed class Cluster : IAsyncDisposable
{
    readonly DirectoryInfo keys;
    readonly Dictionary<string, string?> settings;
    readonly Action<IServiceCollection>? services;
    TestApp? first;

    Cluster(DirectoryInfo keys, Dictionary<string, string?> settings, Action<IServiceCollection>? services)
    {
        this.keys = keys;
        this.settings = settings;
        this.services = services;
    }

    public TestApp First => first ?? throw new InvalidOperationException("The first node was stopped.");

    public DatabaseConnections Database { get; private set; } = null!;

    public TestTenant Tenant { get; private set; } = null!;

    /// <summary>A program of the tenant that talks to the first node.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <param name="roles">Of the first node; it takes the requests, so it needs <c>api</c>.</param>
    public static async Task<Cluster> Start(int slots = 64, string roles = "api,worker,scheduler", QueueKind queue = QueueKind.Postgres) =>
        await Start(slots, roles, await RabbitFixture.Settings(queue));

    /// <param name="more">Settings of the queue, and what else differs.</param>
    /// <param name="services">What every node has in the place of the program's own.</param>
    public static async Task<Cluster> Start(int slots, string roles, Dictionary<string, string?> more, Action<IServiceCollection>? services = null)
    {
        var keys = Directory.CreateTempSubdirectory("agentplatform-cluster-");
        var cluster = new Cluster(keys, new()
        {
            ["Encryption:KeyFile"] = Path.Combine(keys.FullName, "master.key"),
            ["Engine:LeaseSeconds"] = "5",
            ["Engine:DrainSeconds"] = "0",
            ["Engine:Slots"] = slots.ToString(System.Globalization.CultureInfo.InvariantCulture),
        }, services);
        foreach (var (name, value) in more)
        {
            cluster.settings[name] = value;
        }

        cluster.first = await TestApp.Start(new Dictionary<string, string?>(cluster.settings) { ["Roles"] = roles }, services);
        cluster.Database = cluster.first.Database;
        cluster.Tenant = await cluster.first.Tenant();
        cluster.Http = await cluster.Tenant.ApiKey("agents:read", "agents:write", "runs:read", "runs:execute", "triggers:read", "triggers:write");
        return cluster;
    }

    /// <summary>One node more.</summary>
    public Task<TestApp> Join(string roles = "api,worker,scheduler") => TestApp.Start(new Dictionary<string, string?>(settings) { ["Roles"] = roles }, services, on: Database);

    /// <summary>The same program, talking to another node.</summary>
    public HttpClient At(TestApp node)
    {
        var http = node.Anonymous();
        http.DefaultRequestHeaders.Authorization = Http.DefaultRequestHeaders.Authorization;
        return http;
    }

    /// <summary>Stops the first node in order, as a deployment does.</summary>
    public async Task StopFirst()
    {
        await First.DisposeAsync();
        first = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (first is not null)
        {
            await first.DisposeAsync();
        }

        Http.Dispose();
        keys.Delete(recursive: true);
    }
}
