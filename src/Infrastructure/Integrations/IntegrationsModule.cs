using AgentPlatform.Application.Integrations;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Integrations;

public static class IntegrationsModule
{
    public static IServiceCollection AddIntegrations(this IServiceCollection services) => services
        .AddScoped<ICredentialStore, CredentialStore>()
        .AddScoped<IIntegrations, IntegrationStore>()
        .AddSingleton<IDocumentText, DocumentText>()
        .AddScoped<IConsents, ConsentStore>()
        .AddScoped<WaitingRuns>()
        .AddScoped<CredentialReader>()
        .AddScoped<TokenStore>()
        .AddSingleton<TokenEndpoint>()
        .AddSingleton<TokenRefresher>()
        .AddScoped<ISealedRows, SealedCredentials>()
        .AddScoped<IHangingRows, SealedVerifiers>()
        .AddSingleton<IFormerSecrets, FormerSecrets>()
        .AddSingleton<Credentials>()
        .AddSingleton<ICredentials>(provider => provider.GetRequiredService<Credentials>())
        .AddSingleton<INotified>(provider => provider.GetRequiredService<Credentials>());
}
