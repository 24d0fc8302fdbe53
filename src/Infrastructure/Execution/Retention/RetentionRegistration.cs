using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Tenants;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Infrastructure.Execution.Retention;

public static class RetentionRegistration
{
    public static void AddRetention(this IServiceCollection services, IConfiguration configuration, NodeRoles roles)
    {
        var options = RetentionOptions.From(configuration);
        services.AddSingleton(options);
        services.AddSingleton<TenantPlans>();
        services.AddSingleton<StepDetail>();
        services.AddSingleton(provider => new RunArchive(
            provider.GetRequiredService<DataSources>(), options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RunArchive>>()));
        services.AddSingleton<RetentionJob>();
        if (roles.IsScheduler && (options.IsOn || options.IsDryRun))
        {
            services.AddHostedService(provider => provider.GetRequiredService<RetentionJob>());
        }
    }

    /// <summary>For the command line, which needs nothing else of the program.</summary>
    public static RunArchive CreateArchive(DataSources sources, IConfiguration configuration, ILoggerFactory log) =>
        new(sources, RetentionOptions.From(configuration), TimeProvider.System, log.CreateLogger<RunArchive>());
}
