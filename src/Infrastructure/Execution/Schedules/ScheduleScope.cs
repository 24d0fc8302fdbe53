using System.Globalization;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Schedules;

/// <summary>What a schedule's input mapping may read: <c>scheduled_at</c>, <c>fired_at</c> and <c>trigger</c> (id, name). Without a mapping it is the run's input.</summary>
static class ScheduleScope
{
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal) { "scheduled_at", "fired_at", "trigger" };

    /// <param name="scheduledAt">The time that the schedule names.</param>
    /// <param name="firedAt">When it was noticed, by the database's clock.</param>
    public static Datum Of(DateTimeOffset scheduledAt, DateTimeOffset firedAt, Guid triggerId, string triggerName) => Datum.FromObject(new Dictionary<string, Datum>
    {
        ["scheduled_at"] = Datum.From(Text(scheduledAt)),
        ["fired_at"] = Datum.From(Text(firedAt)),
        ["trigger"] = Datum.FromObject(new Dictionary<string, Datum> { ["id"] = Datum.From(triggerId.ToString()), ["name"] = Datum.From(triggerName) }),
    });

    /// <summary>RFC 3339 in UTC, with fractions of a second only where there are some.</summary>
    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
