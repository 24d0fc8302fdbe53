using AgentPlatform.Application.Agents;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Agents;

static class AgentsModule
{
    internal static IServiceCollection AddAgents(this IServiceCollection services) => services
        .AddScoped<IAgents, AgentStore>()
        .AddScoped<ISkills, SkillStore>()
        .AddScoped<ITags, TagStore>()
        .AddScoped<IAgentCompiler, AgentCompiler>()
        .AddScoped<VersionChecker>()
        .AddScoped<VersionMaker>();
}
