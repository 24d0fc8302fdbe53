using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Execution.Code;

static class CodeRegistration
{
    public static void AddCode(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(SandboxOptions.From(configuration));
        services.AddSingleton<SandboxPool>();
        services.AddSingleton<IWarn>(provider => provider.GetRequiredService<SandboxPool>());
        services.AddSingleton<SandboxFetch>();
        services.AddSingleton<CodeSandbox>();
        services.AddSingleton<ISkillRunner, CodeSkill>();
    }
}
