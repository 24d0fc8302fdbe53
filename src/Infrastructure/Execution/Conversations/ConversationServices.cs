using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Execution.Interactions;
using AgentPlatform.Infrastructure.Execution.Control;
using AgentPlatform.Infrastructure.Execution.Interactions;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace AgentPlatform.Infrastructure.Execution.Conversations;

static class ConversationServices
{
    public static IServiceCollection AddConversations(this IServiceCollection services, NodeRoles roles)
    {
        services.AddScoped<IConversations, ConversationStore>();
        services.AddScoped<IMessages, MessageStore>();
        services.AddScoped<IReplies, Replies>();
        services.AddScoped<Turns>();
        services.AddSingleton<IChore, ConversationChore>();
        services.AddSingleton(new PartitionedTable("execution.messages"));
        services.AddSingleton(new PartitionedTable("execution.interactions"));
        services.AddScoped<IInteractions, InteractionStore>();
        services.AddSingleton<SummaryStore>();
        services.AddSingleton<SummaryWriter>();
        if (roles.IsWorker)
        {
            services.AddHostedService(provider => provider.GetRequiredService<SummaryWriter>());
        }

        return services;
    }
}
