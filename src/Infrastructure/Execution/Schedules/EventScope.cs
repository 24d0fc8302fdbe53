using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Shared.Outbox;

namespace AgentPlatform.Infrastructure.Execution.Schedules;

/// <summary>What an event trigger's input mapping may read: <c>event</c> (id, topic, created_at, run_id) and <c>data</c>. Without a mapping both are the run's input.</summary>
static class EventScope
{
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal) { "event", "data" };

    public static Datum Of(OutboxEvent told)
    {
        // An agent's event is an envelope that says who emitted it; its data is one member of that.
        var payload = Datum.From(told.Payload);
        return payload.Kind is DatumKind.Object && payload.TryGetProperty("data", out var data) && payload.TryGetProperty("run_id", out var run)
            ? Of(told.Id, told.Type, told.CreatedAt, data, run)
            : Of(told.Id, told.Type, told.CreatedAt, payload, Datum.Null);
    }

    /// <param name="runId">The run that emitted it; null when none did.</param>
    public static Datum Of(Guid id, string topic, DateTimeOffset createdAt, Datum data, Datum runId) => Datum.FromObject(new Dictionary<string, Datum>
    {
        ["event"] = Datum.FromObject(new Dictionary<string, Datum>
        {
            ["id"] = Datum.From(id.ToString()),
            ["topic"] = Datum.From(topic),
            ["created_at"] = Datum.From(ScheduleScope.Text(createdAt)),
            ["run_id"] = runId,
        }),
        ["data"] = data,
    });
}
