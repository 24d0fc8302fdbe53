using AgentPlatform.Application.Integrations;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Integrations;

public static class IntegrationsModule
{
    public static IServiceCollection AddIntegrations(this IServiceCollection services) => services
        .AddScoped<ICredentialStore, CredentialStore>()
        .AddScoped<CredentialReader>()
        .AddSingleton<Credentials>()
        .AddSingleton<ICredentials>(provider => provider.GetRequiredService<Credentials>())
        .AddSingleton<INotified>(provider => provider.GetRequiredService<Credentials>());
}
