using AgentPlatform.Infrastructure.Execution.Engine;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Execution.Schedules;

/// <param name="MisfireThreshold">A time that is later than this is the misfire policy's affair (<c>Schedules__MisfireSeconds</c>).</param>
sealed record ScheduleOptions(TimeSpan MisfireThreshold)
{
    public static ScheduleOptions From(IConfiguration configuration) =>
        new(TimeSpan.FromSeconds(EngineOptions.Number(configuration, "Schedules:MisfireSeconds", 60, 1, 86_400)));
}
