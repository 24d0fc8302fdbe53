using AgentPlatform.Api.Authentication;
using AgentPlatform.Api.Http;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Postgres;
using AgentPlatform.Infrastructure.Tenants;

namespace AgentPlatform.Api;

/// <summary>The whole program as one object: database, modules and web server, started and stopped in the right order. Tests use it as it is.</summary>
public sealed class Platform : IAsyncDisposable
{
    readonly Database? database;
    readonly DataSources? sources;

    Platform(WebApplication app, Database? database, DataSources? sources)
    {
        App = app;
        this.database = database;
        this.sources = sources;
    }

    public WebApplication App { get; }

    public bool HasEmbeddedDatabase => database?.IsEmbedded ?? false;

    /// <summary>Opens and migrates the database, then builds the web application (not yet listening).</summary>
    /// <exception cref="DatabaseStartException">The database cannot be used as it is.</exception>
    /// <exception cref="StartException">A configured value is wrong.</exception>
    public static async Task<Platform> Build(string[] args, Action<WebApplicationBuilder>? customise = null, CancellationToken ct = default)
    {
        var builder = CreateBuilder(args);
        customise?.Invoke(builder);
        var roles = NodeRoles.From(args, builder.Configuration);
        using var log = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole());
        var options = DatabaseOptions.From(builder.Configuration);
        DataSources? pools = null;

        // Beside the database's start, which is mostly waiting, the application is put together; nothing of it asks for the database before it is started.
        var composing = Task.Run(() => Compose(builder, () => pools ?? throw new InvalidOperationException("The database is not open yet."), roles), CancellationToken.None);
        Database? opened = null;
        try
        {
            opened = await OpenDatabase(options, log, ct);
            pools = DataSources.Connect(opened.Connections);
            return new Platform(await composing, opened, pools);
        }
        catch
        {
            // What went wrong first is what the caller has to hear, whatever became of the rest.
            await Task.WhenAny(composing);
            if (composing.IsCompletedSuccessfully)
            {
                await (await composing).DisposeAsync();
            }

            if (opened is not null)
            {
                await opened.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>The application's shape without a database: enough to describe its API.</summary>
    public static Platform Describe(string[] args) => new(Compose(CreateBuilder(args), () => DataSources.None, NodeRoles.All), null, null);

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        if (sources is not null)
        {
            await sources.DisposeAsync();
        }

        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    static async Task<Database> OpenDatabase(DatabaseOptions options, ILoggerFactory log, CancellationToken ct)
    {
        var opened = await Database.Open(options, log, ct);
        try
        {
            await new Migrator(opened.Connections.Owner, log: log.CreateLogger<Migrator>()).Up(ct);
            await BuiltInRoles.Sync(opened.Connections.Owner, ct);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.WebHost.UseKestrelHttpsConfiguration();
        if (string.IsNullOrWhiteSpace(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls("http://127.0.0.1:8080");
        }

        builder.WebHost.ConfigureKestrel(RequestLimits.Apply);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Quartz", LogLevel.Warning);
        return builder;
    }

    /// <param name="sources">Asked for when the first service needs the database, which none does before the application is started.</param>
    static WebApplication Compose(WebApplicationBuilder builder, Func<DataSources> sources, NodeRoles roles)
    {
        builder.Services.AddSingleton(_ => sources());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddUseCases();
        builder.Services.AddModules(builder.Configuration, roles);
        builder.Services.AddSingleton<MetricsListener>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<MetricsListener>());
        builder.Services.AddExceptionHandler<ErrorHandling>();
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        builder.Services.AddApiDescription();

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseRouting();
        app.UseStatusCodePages(StatusPages.Explain);
        app.UseRequestSpans();
        app.UseRequestContext();
        app.UseWebApp();
        app.UseCallerAuthentication();
        app.MapPlatform();

        // Said explicitly, so that the routes are known before the server starts: the API is described without one.
        app.UseEndpoints(_ => { });
        return app;
    }
}
