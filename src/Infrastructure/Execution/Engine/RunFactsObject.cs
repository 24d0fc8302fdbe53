using System.Globalization;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>What expressions read as <c>run</c>; made of strings only when one is asked for, since most graphs never do.</summary>
sealed class RunFactsObject(RunExecution run) : IDatumObject
{
    static readonly string[] Names = ["id", "agent", "version", "trigger", "started_at", "attempt"];

    public IEnumerable<KeyValuePair<string, Datum>> Members =>
        Names.Select(name => KeyValuePair.Create(name, TryGet(name, out var value) ? value : default));

    public bool TryGet(string name, out Datum value)
    {
        value = name switch
        {
            "id" => Datum.From(run.RunId.ToString()),
            "agent" => Datum.From(run.Plan.AgentSlug),
            "version" => Datum.From(run.Plan.Version),
            "trigger" => Datum.From(run.Facts.TriggerSource),
            "started_at" => Datum.From(run.StartedAt.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture)),
            "attempt" => Datum.From(run.Attempt),
            _ => default,
        };
        return Array.IndexOf(Names, name) >= 0;
    }
}
