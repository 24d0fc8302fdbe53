namespace AgentPlatform.Domain.Agents;

/// <summary>An agent's status as stored. Runs start only for an active one; an archived one is read-only until it is activated again.</summary>
public static class AgentStatus
{
    public const string Active = "active";
    public const string Inactive = "inactive";
    public const string Archived = "archived";

    public static readonly IReadOnlyList<string> All = [Active, Inactive, Archived];
}

/// <summary>What an agent is: a workflow is an agent whose graph calls other agents. One engine, one history.</summary>
public static class AgentKind
{
    public const string Agent = "agent";
    public const string Workflow = "workflow";

    public static readonly IReadOnlyList<string> All = [Agent, Workflow];
}
