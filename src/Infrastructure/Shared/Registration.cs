using AgentPlatform.Application.Shared;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Shared;

public static class Registration
{
    /// <summary>The mediator, its behaviours in their order, and every handler of Application and Infrastructure.</summary>
    public static IServiceCollection AddUseCases(this IServiceCollection services)
    {
        DapperSetup.Apply();
        services.AddScoped<CallContext>();
        services.AddSingleton(provider => new DatabaseHealth(provider.GetRequiredService<DataSources>(), provider.GetServices<IWarn>()));
        services.AddScoped<Db>();
        services.AddScoped<IUnitOfWork>(provider => provider.GetRequiredService<Db>());
        services.AddScoped<ServiceFactory>(provider => provider.GetService!);
        services.AddScoped<IMediator, Mediator>();

        // Order matters: the first registered is the outermost.
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(TracingBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(RefusalAudit<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(AuthorizationBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(TransactionBehavior<,>));

        return services.Scan(scan => scan
            .FromAssemblies(typeof(CallContext).Assembly, typeof(Registration).Assembly)
            .AddClasses(classes => classes.AssignableTo(typeof(IRequestHandler<,>)), publicOnly: false)
            .AsImplementedInterfaces().WithScopedLifetime()
            .AddClasses(classes => classes.AssignableTo(typeof(INotificationHandler<>)), publicOnly: false)
            .AsImplementedInterfaces().WithScopedLifetime());
    }
}
