namespace AgentPlatform.Domain.Execution.Schedules;

/// <summary>What becomes of the times that nobody could fire: the servers were down, or the trigger was disabled.</summary>
enum MisfirePolicy
{
    /// <summary>They are left out; the next future one fires.</summary>
    Skip,

    /// <summary>The last of them fires, once.</summary>
    Once,

    /// <summary>Each of them fires, in their order.</summary>
    All,
}

static class MisfirePolicies
{
    public static readonly IReadOnlyList<string> Names = ["skip", "once", "all"];

    public static string ToText(this MisfirePolicy policy) => Names[(int)policy];

    public static MisfirePolicy? Parse(string text) => text switch
    {
        "skip" => MisfirePolicy.Skip,
        "once" => MisfirePolicy.Once,
        "all" => MisfirePolicy.All,
        _ => null,
    };
}
