using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Shared.Egress;
using AgentPlatform.Infrastructure.Shared.Observability;
using AgentPlatform.Infrastructure.Shared.Outbox;
using AgentPlatform.Infrastructure.Shared.Postgres;
using AgentPlatform.Infrastructure.Shared.Secrets;
using AgentPlatform.Infrastructure.Shared.Templates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Infrastructure.Shared;

public static class SharedServices
{
    /// <summary>What every module may use: templates, sealed secrets, the one guard for outgoing calls.</summary>
    public static IServiceCollection AddShared(this IServiceCollection services, IConfiguration configuration, NodeRoles roles)
    {
        services.AddSingleton(roles);
        services.AddSingleton(TelemetryOptions.From(configuration));
        services.AddSingleton<NodeMeter>();
        services.AddSingleton<TelemetryExport>();
        services.AddHostedService(provider => provider.GetRequiredService<TelemetryExport>());
        services.AddSingleton<ITemplateCompiler, HandlebarsTemplates>();
        services.AddSingleton(_ => KeyRing.FromConfiguration(configuration, DatabaseOptions.From(configuration).DataDirectory));
        services.AddSingleton(provider => new SecretBox(provider.GetRequiredService<KeyRing>()));
        services.AddSingleton(provider => KeyEncryptionKeys.FromConfiguration(configuration, provider.GetRequiredService<KeyRing>()));
        services.AddSingleton<Envelope>();
        services.AddSingleton<KeyRotation>();
        services.AddSingleton(_ => EgressPolicy.FromConfiguration(configuration));
        services.TryAddSingleton(new GuardedTls());
        services.AddSingleton(provider => new GuardedDialer(provider.GetRequiredService<EgressPolicy>()));
        services.AddSingleton(provider => new GuardedHttp(provider.GetRequiredService<GuardedDialer>(), provider.GetRequiredService<GuardedTls>()));
        services.AddSingleton<PartitionKeeper>();
        services.AddSingleton<OutboxWriter>();
        services.AddSingleton<IWarn>(provider => provider.GetRequiredService<PartitionKeeper>());
        if (roles.IsScheduler)
        {
            services.AddHostedService(provider => provider.GetRequiredService<PartitionKeeper>());
            services.AddSingleton<OutboxRows>();
            services.AddSingleton<OutboxDispatcher>();
            services.AddHostedService(provider => provider.GetRequiredService<OutboxDispatcher>());
        }

        return services;
    }
}
