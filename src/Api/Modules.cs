using AgentPlatform.Api.Http;
using AgentPlatform.Infrastructure.Tenants;

namespace AgentPlatform.Api;

/// <summary>The one list of modules: what each registers, and the routes it serves.</summary>
static class Modules
{
    public static IServiceCollection AddModules(this IServiceCollection services, IConfiguration configuration) => services
        .AddTenants();

    public static void MapPlatform(this WebApplication app)
    {
        app.MapHealth();
        app.MapOpenApi("/openapi/v1.json");
        app.MapTenants();
    }
}
