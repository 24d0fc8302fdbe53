using AgentPlatform.Application.Shared;
using AgentPlatform.Application.Tenants;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Infrastructure.Tenants;

public static class TenantsModule
{
    public static IServiceCollection AddTenants(this IServiceCollection services)
    {
        services.AddSingleton(new PartitionedTable("tenants.audit_logs"));
        services.AddSingleton(BuiltInRoles.Catalog);
        services.TryAddSingleton(PasswordCost.Default);
        services.TryAddSingleton(LoginLimits.Default);
        services.AddSingleton<IPasswords, Passwords>();
        services.AddSingleton<ApiKeyCache>();
        services.AddScoped<IAccounts, Accounts>();
        services.AddScoped<ISessions, Sessions>();
        services.AddScoped<IMembers, Members>();
        services.AddScoped<IInvitations, Invitations>();
        services.AddScoped<ITeams, Teams>();
        services.AddScoped<IApiKeys, ApiKeys>();
        services.AddScoped<SignIn>();
        services.AddScoped<Audit>();
        services.AddScoped<IAudit>(provider => provider.GetRequiredService<Audit>());
        services.AddScoped<IFailureLog>(provider => provider.GetRequiredService<Audit>());
        return services;
    }
}
