namespace AgentPlatform.Domain.Agents;

/// <summary>An agent's status as stored. Runs start only for an active one; an archived one is read-only until it is activated again.</summary>
public static class AgentStatus
{
    public const string Active = "active";
    public const string Inactive = "inactive";
    public const string Archived = "archived";

    public static readonly IReadOnlyList<string> All = [Active, Inactive, Archived];
}
