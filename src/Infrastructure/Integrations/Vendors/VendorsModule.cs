using AgentPlatform.Application.Integrations;
using AgentPlatform.Infrastructure.Integrations.Vendors.Http;
using AgentPlatform.Infrastructure.Integrations.Vendors.Media;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Integrations.Vendors;

public static class VendorsModule
{
    /// <summary>The registry of vendors, and what calls their models.</summary>
    public static IServiceCollection AddVendors(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(ModelOptions.From(configuration))
        .AddSingleton<VendorRegistry>()
        .AddSingleton<INotified>(provider => provider.GetRequiredService<VendorRegistry>())
        .AddSingleton<VendorSecrets>()
        .AddSingleton<VendorHttp>()
        .AddSingleton<ChatClients>()
        .AddSingleton<ModelCircuits>()
        .AddSingleton<IModels, ModelCalls>()
        .AddSingleton<IEmbeddings, EmbeddingCalls>()
        .AddSingleton<MediaMakers>()
        .AddSingleton<IMedia, MediaCalls>();
}
