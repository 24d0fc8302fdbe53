using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Shared.Templates;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Agents;

public static class AgentsModule
{
    public static IServiceCollection AddAgents(this IServiceCollection services) => services
        .AddSingleton<ITemplateCompiler, HandlebarsTemplates>()
        .AddScoped<IAgents, AgentStore>()
        .AddScoped<IAgentConfigs, AgentConfigStore>()
        .AddScoped<IAgentDrafts, AgentDraftStore>()
        .AddScoped<ISkills, SkillStore>()
        .AddScoped<ITags, TagStore>()
        .AddScoped<IAgentCompiler, AgentCompiler>()
        .AddScoped<AgentCallChecker>()
        .AddScoped<GraphChecker>()
        .AddScoped<VersionMaker>();
}
