using System.Buffers.Text;
using System.Security.Cryptography;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Postgres;
using MediatR;

namespace AgentPlatform.Api.Seed;

/// <summary>
/// With <c>Seed__Demo=true</c>: makes the demo tenant in a database that never had one. Afterwards nothing is ever put there again: what its
/// user deleted stays deleted.
/// </summary>
sealed partial class DemoSeed(IServiceScopeFactory scopes, DemoFile file, ILogger<DemoSeed> log) : IHostedService
{
    public const string ConfigurationKey = "Seed:Demo";

    public string FilePath => file.Path;

    /// <summary>Whether there is a demo tenant in use, whoever made it.</summary>
    public bool IsThere { get; private set; }

    /// <summary>How to get in; null when this node does not know.</summary>
    public DemoAccess? Access { get; private set; }

    /// <summary>A webhook that takes deliveries at this start; null when the user took them all away.</summary>
    public DemoWebhook? Live { get; private set; }

    /// <exception cref="StartException">The value is neither true nor false.</exception>
    public static bool IsWanted(IConfiguration configuration) => configuration[ConfigurationKey] switch
    {
        null or "" => false,
        var text when bool.TryParse(text, out var wanted) => wanted,
        var text => throw new StartException($"Seed__Demo is {text}; it takes true or false."),
    };

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var tenant = await Find(cancellationToken) ?? await Make(cancellationToken);
        IsThere = tenant is { IsActive: true };
        // The file of another database, or of a tenant that never came to be, opens nothing here.
        if (tenant is { IsActive: true } && await file.Read(cancellationToken) is { } access && access.TenantId == tenant.Id)
        {
            Access = access;
            Live = await FindLive(access, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task<TenantReference?> Find(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new FindTenantBySlug(SeedDemo.TenantSlug), ct)).Value;
    }

    async Task<TenantReference?> Make(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));
        var made = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new SeedDemo(password, DemoAgents.All(), Keep), ct);
        if (made.IsOk)
        {
            LogMade(file.Path);
        }
        else if (made.Error.Code is not ("email_taken" or "slug_taken"))
        {
            throw new StartException($"The demo tenant could not be made: {made.Error.Message}");
        }

        return await Find(ct);

        void Keep(DemoTenant demo)
        {
            try
            {
                file.Write(new DemoAccess(demo.TenantId, SeedDemo.TenantSlug, SeedDemo.Email, password, demo.Webhooks));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new StartException($"The demo tenant's password cannot be kept in {file.Path}: {e.Message}", e);
            }
        }
    }

    async Task<DemoWebhook?> FindLive(DemoAccess access, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallContext>().ActAs(ActorKind.System, access.TenantId, null, new PermissionSet(["triggers:read", "agents:read"]));
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        foreach (var webhook in access.Webhooks)
        {
            var trigger = await mediator.Send(new GetTrigger(webhook.TriggerId), ct);
            // A secret that was changed is not in the file.
            if (trigger is { IsOk: true, Value: { IsEnabled: true, PreviousSecretExpiresAt: null } view }
                && await mediator.Send(new GetAgent(view.AgentId.ToString(), null), ct) is { IsOk: true, Value.Status: "active" })
            {
                return webhook;
            }
        }

        return null;
    }

    [LoggerMessage(LogLevel.Information, "Made the tenant demo with three agents; how to get in is in {File}")]
    partial void LogMade(string file);
}

static class DemoSeedRegistration
{
    /// <summary>Adds the seed when <c>Seed__Demo</c> asks for it and the node can be called.</summary>
    public static IServiceCollection AddDemoSeed(this IServiceCollection services, IConfiguration configuration, NodeRoles roles)
    {
        if (!roles.IsApi || !DemoSeed.IsWanted(configuration))
        {
            return services;
        }

        services.AddSingleton(new DemoFile(DatabaseOptions.From(configuration).DataDirectory));
        services.AddSingleton<DemoSeed>();
        return services.AddHostedService(provider => provider.GetRequiredService<DemoSeed>());
    }
}
