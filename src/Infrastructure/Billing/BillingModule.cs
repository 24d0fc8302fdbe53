using AgentPlatform.Application.Billing;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Billing;

public static class BillingModule
{
    public static IServiceCollection AddBilling(this IServiceCollection services, NodeRoles roles)
    {
        services.AddSingleton(new PartitionedTable("billing.usage_ledger"));
        services.AddScoped<IBudgetStore, BudgetStore>();
        services.AddSingleton<BudgetedTenants>();
        services.AddSingleton<INotified>(provider => provider.GetRequiredService<BudgetedTenants>());
        services.AddSingleton<IBudgets, Budgets>();
        if (roles.IsScheduler)
        {
            services.AddSingleton<UsageRollUp>();
            services.AddHostedService(provider => provider.GetRequiredService<UsageRollUp>());
        }

        return services;
    }
}
