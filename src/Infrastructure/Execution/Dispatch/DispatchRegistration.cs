using AgentPlatform.Infrastructure.Execution.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Execution.Dispatch;

static class DispatchRegistration
{
    public static void AddDispatch(this IServiceCollection services, QueueOptions options)
    {
        if (options.Broker is null)
        {
            services.AddSingleton<IRunDispatch>(provider => provider.GetRequiredService<Claimer>());
            return;
        }

        services.AddSingleton(options);
        services.AddSingleton<NamedClaim>();
        services.AddSingleton<Announcing>();
        services.AddSingleton<IRunDispatch, RabbitDispatch>();
    }
}
