using System.Globalization;

namespace AgentPlatform.Application.Execution;

/// <summary>
/// One event of a run's stream. Events are numbered within each attempt of the run, so <c>attempt.number</c> orders them, and a reader
/// that comes back with the last id it saw misses nothing and gets nothing twice.
/// </summary>
/// <param name="Name"><c>run.started</c>, <c>step.started</c>, <c>step.finished</c>, <c>run.waiting</c>, <c>run.paused</c>, <c>run.finished</c>, or the passing <c>token</c>.</param>
/// <param name="Data">One line of JSON.</param>
public sealed record RunEvent(int Attempt, int Number, string Name, string Data)
{
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Attempt}.{Number}");

    /// <summary>Told only to those who watch at that moment, and without a place in the order.</summary>
    public bool IsPassing => Number == 0;

    public bool IsLast => Name == "run.finished";

    public bool IsAfter((int Attempt, int Number) seen) => (Attempt, Number).CompareTo(seen) > 0;

    /// <summary>Reads a <c>Last-Event-ID</c>; anything that is not one of ours means "from the beginning".</summary>
    public static (int Attempt, int Number) ParseId(string? id)
    {
        var parts = (id ?? "").Split('.');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (attempt, number)
            : (0, 0);
    }
}
