using System.Globalization;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <param name="Slots">Runs that this node executes at once (<c>Engine__Slots</c>).</param>
/// <param name="Lease">How long a node's word counts after its last sign of life (<c>Engine__LeaseSeconds</c>).</param>
/// <param name="Poll">The slow safety net under the notifications.</param>
/// <param name="MaxQueueDepth">Runs that may wait in the queue, over all tenants, before new ones are answered with 429 (<c>Engine__MaxQueueDepth</c>).</param>
/// <param name="MaxLostWorkers">A run that takes its worker down with it this often is kept for inspection instead of being tried again (<c>Engine__MaxLostWorkers</c>).</param>
/// <param name="Drain">How long runs under way may go on after the program was told to stop, before they are given back (<c>Engine__DrainSeconds</c>).</param>
sealed record EngineOptions(int Slots, TimeSpan Lease, TimeSpan Poll, int MaxQueueDepth, int MaxLostWorkers, TimeSpan Drain)
{
    /// <summary>How long a run that has taken workers down is tried alone, before others may begin (<c>Engine__TrialSeconds</c>): what kills its worker mostly does so at once.</summary>
    public TimeSpan Trial { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How many workers a run has taken down that the next one condemns; where it takes but one, there is no last chance.</summary>
    public int LastChance => MaxLostWorkers > 1 ? MaxLostWorkers - 1 : -1;

    public static EngineOptions From(IConfiguration configuration) => new(
        Number(configuration, "Engine:Slots", 256, 1, 10_000),
        TimeSpan.FromSeconds(Number(configuration, "Engine:LeaseSeconds", 15, 2, 300)),
        TimeSpan.FromSeconds(1),
        Number(configuration, "Engine:MaxQueueDepth", 1_000_000, 1, 100_000_000),
        Number(configuration, "Engine:MaxLostWorkers", 3, 1, 1000),
        TimeSpan.FromSeconds(Number(configuration, "Engine:DrainSeconds", 20, 0, 600)))
    {
        Trial = TimeSpan.FromSeconds(Number(configuration, "Engine:TrialSeconds", 3, 0, 3600)),
    };

    internal static int Number(IConfiguration configuration, string key, int otherwise, int min, int max) => configuration[key] switch
    {
        null or "" => otherwise,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max => value,
        var text => throw new StartException($"{key.Replace(":", "__", StringComparison.Ordinal)} is {text}; it takes a whole number from {min} to {max}."),
    };
}
