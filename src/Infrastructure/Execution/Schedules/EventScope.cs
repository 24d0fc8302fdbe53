using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Schedules;

/// <summary>What an event trigger's input mapping may read: <c>event</c> (id, topic, created_at) and <c>data</c>. Without a mapping both are the run's input.</summary>
static class EventScope
{
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal) { "event", "data" };

    public static Datum Of(Guid id, string topic, DateTimeOffset createdAt, Datum data) => Datum.FromObject(new Dictionary<string, Datum>
    {
        ["event"] = Datum.FromObject(new Dictionary<string, Datum>
        {
            ["id"] = Datum.From(id.ToString()),
            ["topic"] = Datum.From(topic),
            ["created_at"] = Datum.From(ScheduleScope.Text(createdAt)),
        }),
        ["data"] = data,
    });
}
