using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Infrastructure.Execution.Code;
using AgentPlatform.Infrastructure.Execution.Control;
using AgentPlatform.Infrastructure.Execution.Conversations;
using AgentPlatform.Infrastructure.Execution.Dispatch;
using AgentPlatform.Infrastructure.Execution.Engine;
using AgentPlatform.Infrastructure.Execution.Flow;
using AgentPlatform.Infrastructure.Execution.Retention;
using AgentPlatform.Infrastructure.Execution.Schedules;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Execution.Skills.Mail;
using AgentPlatform.Infrastructure.Execution.Skills.Tools;
using AgentPlatform.Infrastructure.Execution.Watching;
using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Infrastructure.Execution;

public static class ExecutionModule
{
    public static IServiceCollection AddExecution(this IServiceCollection services, IConfiguration configuration, NodeRoles roles)
    {
        var options = EngineOptions.From(configuration);
        services.AddSingleton(options);
        // Without a slot nothing is leased to this node: what it accepts is stored for the workers.
        services.AddSingleton(new RunSlots(roles.IsWorker ? options.Slots : 0));
        services.AddScoped<ITriggers, TriggerStore>();
        services.AddScoped<ISealedRows, SealedTriggerSecrets>();
        services.AddScoped<IHangingRows, SealedAnswers>();
        services.AddScoped<IIdempotencyStore, IdempotencyStore>();
        services.AddSingleton<InputMappings>();
        services.AddSingleton<IInputMappings>(provider => provider.GetRequiredService<InputMappings>());

        services.AddSingleton<ISkillRunner, TransformSkill>();
        services.AddSingleton<ISkillRunner, SwitchSkill>();
        services.AddSingleton<ISkillRunner, MergeSkill>();
        services.AddSingleton<ISkillRunner, FailSkill>();
        services.AddSingleton<ISkillRunner>(new ControlSkill("builtin/wait", ControlKind.Wait));
        services.AddSingleton<ISkillRunner>(new ControlSkill("builtin/approval", ControlKind.Approval));
        services.AddSingleton<ISkillRunner>(new ControlSkill("builtin/foreach", ControlKind.Foreach));
        services.AddSingleton<ISkillRunner>(new ControlSkill("builtin/loop", ControlKind.Loop));
        services.AddSingleton<ISkillRunner>(new ControlSkill("agent", ControlKind.Agent));
        services.AddSingleton<ISkillRunner, HttpRequestSkill>();
        services.AddSingleton<ISkillRunner, LlmSkill>();
        services.AddSingleton<ISkillRunner, SpeechSkill>();
        services.AddSingleton<ISkillRunner, ImageSkill>();
        services.AddSingleton<ISkillRunner, McpSkill>();
        services.AddSingleton<ISkillRunner, JsonSkill>();
        services.AddSingleton<ISkillRunner, HashSkill>();
        services.AddSingleton<ISkillRunner, DateSkill>();
        services.AddSingleton<ISkillRunner, MarkdownSkill>();
        services.AddSingleton<ISkillRunner, HtmlExtractSkill>();
        services.AddSingleton<ISkillRunner, SetConfigSkill>();
        services.AddSingleton<ISkillRunner, EmitEventSkill>();
        services.AddSingleton<ISkillRunner, RespondSkill>();
        services.AddSingleton<ISkillRunner, SendEmailSkill>();
        services.AddSingleton<SmtpCall>();
        services.AddCode(configuration);
        services.AddSingleton<HttpRequestCall>();
        services.AddSingleton<SkillRunners>();
        services.AddSingleton<ToolFinder>();
        services.AddSingleton<Spending>();
        services.AddSingleton<MediaCall>();
        services.TryAddSingleton<LlmCalls>();
        services.AddSingleton<AgentLoops>();

        services.AddSingleton<DbClock>();
        services.AddSingleton<ActiveRuns>();
        services.AddSingleton<QueueSignal>();
        services.AddSingleton<GuessLimiter>();
        services.AddSingleton<NodeLease>();
        services.AddSingleton<RunPlans>();
        services.AddSingleton<WebhookRoutes>();
        services.AddSingleton<Notifications>();
        services.AddSingleton<RunQueue>();
        services.AddSingleton<FairClaim>();
        services.AddSingleton<LockedRuns>();
        services.AddSingleton<Backlog>();
        services.AddSingleton<SlotShares>();
        services.AddSingleton(FlowOptions.From(configuration));
        services.AddSingleton<FlowKeys>();
        services.AddSingleton<IFlowKeys>(provider => provider.GetRequiredService<FlowKeys>());
        services.AddSingleton<TriggerFlows>();
        services.AddSingleton<FlowLimits>();
        services.AddSingleton<FlowIntake>();
        services.AddSingleton<FlowStarter>();
        services.AddSingleton<FlowGate>();
        services.AddSingleton<Checkpoints>();
        services.AddSingleton<Finisher>();
        services.AddSingleton<Consents>();
        services.AddSingleton<StepRunner>();
        services.AddSingleton<RunInbox>();
        services.AddSingleton<ChildRuns>();
        services.AddSingleton<ApprovalRequests>();
        services.AddSingleton<RunLoopParts>();
        services.AddSingleton<Parker>();
        services.AddSingleton<RunWaker>();
        services.AddSingleton<RunExecutor>();
        services.AddSingleton<Intake>();
        services.AddSingleton<TrialNotes>();
        services.AddSingleton<LastChances>();
        services.AddSingleton<Claimer>();
        services.AddDispatch(QueueOptions.From(configuration));
        services.AddSingleton<RunStarter>();
        services.AddSingleton<RunChangeReader>();
        services.AddSingleton<RunFeeds>();
        services.AddSingleton<QueueProbe>();
        services.AddSingleton<IWarn>(provider => provider.GetRequiredService<QueueProbe>());
        services.AddScoped<RunWatcher>();
        services.AddControl(roles);
        services.AddConversations(roles);

        // A run starts runs, and whoever starts runs executes them: one of the two has to come later.
        services.AddSingleton(provider => new Lazy<RunStarter>(provider.GetRequiredService<RunStarter>));
        services.AddHostedService<EngineHost>();
        services.AddHostedService<FlowHost>();
        services.AddHostedService<EngineGauges>();
        if (roles.IsScheduler)
        {
            services.AddHostedService<ExpiredKeys>();
            services.AddHostedService<StaleRunChanges>();
            services.AddSchedules(configuration);
            services.AddHostedService(provider => provider.GetRequiredService<QueueProbe>());
        }

        services.AddRetention(configuration, roles);
        services.AddSingleton(new PartitionedTable("execution.runs"));
        services.AddSingleton(new PartitionedTable("execution.run_steps"));
        services.AddSingleton(new PartitionedTable("execution.tool_executions"));
        return services;
    }
}
