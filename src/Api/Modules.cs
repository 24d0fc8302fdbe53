using AgentPlatform.Api.Http;
using AgentPlatform.Infrastructure.Agents;

namespace AgentPlatform.Api;

/// <summary>The one list of modules: what each registers, and the routes it serves.</summary>
static class Modules
{
    public static IServiceCollection AddModules(this IServiceCollection services, IConfiguration configuration) => services
        .AddAgents();

    public static void MapPlatform(this WebApplication app)
    {
        app.MapHealth();
        app.MapAgents();
        app.MapOpenApi("/openapi/v1.json");
    }
}
