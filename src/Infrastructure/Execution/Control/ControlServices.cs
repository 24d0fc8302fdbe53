using AgentPlatform.Application.Execution;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>What decides about runs from outside, and the chores that follow from it.</summary>
static class ControlServices
{
    public static IServiceCollection AddControl(this IServiceCollection services, NodeRoles roles)
    {
        services.AddScoped<RunFamilies>();
        services.AddScoped<IRunControl, RunControl>();
        services.AddScoped<IAgentPauses, AgentPauses>();
        services.AddScoped<ISignals, Signals>();
        services.AddScoped<IApprovals, Approvals>();
        services.AddScoped<IStepOutputs, StepOutputs>();
        services.AddScoped<FormerSteps>();
        services.AddScoped<QueueEntries>();
        services.AddScoped<LatestStepRows>();
        services.AddScoped<IDraftRuns, DraftRuns>();
        services.AddScoped<Replays>();
        services.AddScoped<IReplays>(provider => provider.GetRequiredService<Replays>());
        services.AddScoped<IBulkOperations, BulkOperations>();
        services.AddSingleton<ChoreSignal>();
        services.AddSingleton<IChore, AgentPauseChore>();
        services.AddSingleton<IChore, OverdueRunsChore>();
        services.AddSingleton<IChore, ExpiredApprovalsChore>();
        services.AddSingleton<IChore, BulkChore>();
        if (roles.IsScheduler)
        {
            services.AddHostedService<Chores>();
        }

        return services;
    }
}
