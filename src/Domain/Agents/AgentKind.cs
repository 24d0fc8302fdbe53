namespace AgentPlatform.Domain.Agents;

/// <summary>What an agent is: a workflow is an agent whose graph calls other agents. One engine, one history.</summary>
public static class AgentKind
{
    public const string Agent = "agent";
    public const string Workflow = "workflow";

    public static readonly IReadOnlyList<string> All = [Agent, Workflow];
}
