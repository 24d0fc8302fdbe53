using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace AgentPlatform.Infrastructure.Execution.Schedules;

/// <summary>The one clustered job: each second on one of the schedulers. What a node did not manage, the next second's does.</summary>
sealed class FireDueSchedules(SchedulePass pass, ILogger<FireDueSchedules> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await pass.Run(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            log.LogWarning("Schedules could not be fired and will be in a second: {Reason}", e.Message);
        }
    }
}
