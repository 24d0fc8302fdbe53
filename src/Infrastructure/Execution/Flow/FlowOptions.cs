using System.Globalization;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>What each plan gives a tenant (<c>Flow__Plans__pro__Weight</c> and so on).</summary>
sealed class FlowOptions
{
    const int Most = 100_000_000;

    readonly Dictionary<string, PlanFlow> plans;

    FlowOptions(Dictionary<string, PlanFlow> plans) => this.plans = plans;

    /// <summary>A plan that is not known gets what the smallest gets.</summary>
    public PlanFlow Of(string plan) => plans.GetValueOrDefault(plan) ?? plans["free"];

    public static FlowOptions From(IConfiguration configuration) => new(
        new (string Plan, PlanFlow Flow)[]
        {
            ("free", new PlanFlow(1, 100_000, null)),
            ("starter", new PlanFlow(2, 200_000, null)),
            ("pro", new PlanFlow(4, 500_000, null)),
            ("enterprise", new PlanFlow(8, 1_000_000, null)),
        }.ToDictionary(entry => entry.Plan, entry => new PlanFlow(
            Number(configuration, entry.Plan, "Weight", 1000) ?? entry.Flow.Weight,
            Number(configuration, entry.Plan, "MaxQueued", Most) ?? entry.Flow.MaxQueued,
            Number(configuration, entry.Plan, "MaxRunning", 100_000) ?? entry.Flow.MaxRunning)));

    static int? Number(IConfiguration configuration, string plan, string name, int max) => configuration[$"Flow:Plans:{plan}:{name}"] switch
    {
        null or "" => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1 && value <= max => value,
        var text => throw new StartException($"Flow__Plans__{plan}__{name} is {text}; it takes a whole number from 1 to {max}."),
    };
}

/// <param name="Weight">Of two tenants that both wait, one with twice the weight gets twice the runs.</param>
/// <param name="MaxQueued">Runs that may wait in the queue before new ones are answered with 429.</param>
/// <param name="MaxRunning">Runs that may go on at once; null is no limit, and costs nothing.</param>
sealed record PlanFlow(int Weight, int MaxQueued, int? MaxRunning);
