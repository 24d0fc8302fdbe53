using System.Globalization;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What expressions read as <c>run</c>; made of strings only when one is asked for, since most graphs never do.</summary>
sealed class RunFactsObject(RunPlan plan, Guid runId, int attempt, string trigger, DateTimeOffset startedAt) : IDatumObject
{
    static readonly string[] Names = ["id", "agent", "version", "trigger", "started_at", "attempt"];

    public IEnumerable<KeyValuePair<string, Datum>> Members =>
        Names.Select(name => KeyValuePair.Create(name, TryGet(name, out var value) ? value : default));

    public bool TryGet(string name, out Datum value)
    {
        value = name switch
        {
            "id" => Datum.From(runId.ToString()),
            "agent" => Datum.From(plan.AgentSlug),
            "version" => Datum.From(plan.Version),
            "trigger" => Datum.From(trigger),
            "started_at" => Datum.From(startedAt.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture)),
            "attempt" => Datum.From(attempt),
            _ => default,
        };
        return Array.IndexOf(Names, name) >= 0;
    }
}
