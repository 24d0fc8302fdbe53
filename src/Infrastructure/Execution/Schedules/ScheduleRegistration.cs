using AgentPlatform.Infrastructure.Shared;
using AgentPlatform.Infrastructure.Shared.Outbox;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace AgentPlatform.Infrastructure.Execution.Schedules;

static class ScheduleRegistration
{
    /// <summary>On nodes of the role scheduler. Quartz keeps one job in the database and sees to it that each second one node, and only one, does it.</summary>
    public static void AddSchedules(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(ScheduleOptions.From(configuration));
        services.AddSingleton<ScheduleCache>();
        services.AddSingleton<ServedTenants>();
        services.AddSingleton<TriggerRuns>();
        services.AddSingleton<SchedulePass>();
        services.AddSingleton<IOutboxHandler, EventTriggers>();
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureOptions<QuartzSchedulerOptions>(options => options.InstanceName = "agentplatform");
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(source => source.DataSourceFactory = provider => provider.GetRequiredService<DataSources>().Quartz);
                store.ConfigureStore(options => options.TablePrefix = "quartz.");
                store.UseClustering(cluster =>
                {
                    cluster.CheckinInterval = TimeSpan.FromSeconds(3);
                    cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(6);
                });
            });
            quartz.ScheduleJob<FireDueSchedules>(
                trigger => trigger.WithIdentity("each-second").StartAt(WholeSecond()).WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromSeconds(1)).RepeatForever()),
                job => job.WithIdentity("fire-due-schedules"));
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }

    /// <summary>Schedules name whole seconds, so that is when there is something to do; a little later, as clocks differ a little.</summary>
    static DateTimeOffset WholeSecond()
    {
        var now = TimeProvider.System.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)).AddMilliseconds(1020);
    }
}
