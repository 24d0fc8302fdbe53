using AgentPlatform.Api.Http;
using AgentPlatform.Api.Mcp;
using AgentPlatform.Api.Seed;
using AgentPlatform.Infrastructure.Agents;
using AgentPlatform.Infrastructure.Billing;
using AgentPlatform.Infrastructure.Execution;
using AgentPlatform.Infrastructure.Integrations;
using AgentPlatform.Infrastructure.Integrations.Mcp;
using AgentPlatform.Infrastructure.Integrations.Vendors;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Tenants;

namespace AgentPlatform.Api;

/// <summary>The one list of modules: what each registers, and the routes it serves.</summary>
static class Modules
{
    public static IServiceCollection AddModules(this IServiceCollection services, IConfiguration configuration, NodeRoles roles) => services
        .AddShared(configuration, roles)
        .AddTenants()
        .AddAgents()
        .AddMcp(configuration)
        .AddExecution(configuration, roles)
        .AddIntegrations()
        .AddBilling(roles)
        .AddVendors(configuration)
        .AddSingleton<ConversationTurnstile>()
        .AddScoped<AgentTools>()
        .AddScoped<AgentTasks>()
        .AddScoped<TaskInputs>()
        .AddSingleton<McpOrigins>()
        .AddSingleton<McpTaskTerms>()
        .AddDemoSeed(configuration, roles);

    public static void MapPlatform(this WebApplication app)
    {
        app.MapHealth();
        if (!app.Services.GetRequiredService<NodeRoles>().IsApi)
        {
            return;
        }

        app.MapTenants();
        app.MapTeams();
        app.MapAgents();
        app.MapTriggers();
        app.MapCode();
        app.MapExecution();
        app.MapRunStreams();
        app.MapRunControl();
        app.MapApprovals();
        app.MapToolExecutions();
        app.MapConversations();
        app.MapInteractions();
        app.MapWebhooks();
        app.MapCredentials();
        app.MapBilling();
        app.MapIntegrations();
        app.MapMcpServers();
        app.MapMcp();
        app.MapVendors();
        app.MapOpenApi("/openapi/v1.json");
    }
}
