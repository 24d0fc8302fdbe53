using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Egress;
using AgentPlatform.Infrastructure.Shared.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

public static class McpModule
{
    /// <summary>The client of MCP servers.</summary>
    public static IServiceCollection AddMcp(this IServiceCollection services, IConfiguration configuration)
    {
        var options = McpOptions.From(configuration);
        // Read now: an operator hears of a mistake when the program starts, not when somebody needs the server.
        var catalogue = McpCatalogue.Read(options.Catalogue);
        return services
            .AddSingleton(options)
            .AddSingleton<IMcpPlaces>(provider => new McpPlaces(catalogue, provider.GetRequiredService<EgressPolicy>()))
            .AddScoped<IMcpServers, McpServerStore>()
            .AddScoped<ISealedRows, SealedMcpSecrets>()
            .AddSingleton<IFormerSecrets, McpFormerSecrets>()
            .AddSingleton<IMcpAuthorization, McpAuthorizationClient>()
            .AddSingleton<McpLauncher>()
            .AddSingleton<McpConnector>()
            .AddSingleton<McpSessions>()
            .AddHostedService(provider => provider.GetRequiredService<McpSessions>())
            .AddSingleton<McpTargets>()
            .AddSingleton<McpExecutions>()
            .AddSingleton<IMcpTools, McpTools>()
            .AddSingleton(new PartitionedTable("integrations.mcp_tool_executions"));
    }
}
