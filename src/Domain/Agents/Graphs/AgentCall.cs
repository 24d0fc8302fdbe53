namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>Another agent that a graph runs.</summary>
/// <param name="Pointer">JSON pointer of the arguments that name it.</param>
/// <param name="Agent">Slug or id.</param>
/// <param name="Version">Id or number; null for the latest.</param>
public sealed record AgentCall(string Pointer, string Agent, string? Version)
{
    /// <summary>Where the agent itself is named.</summary>
    public string AgentPointer { get; init; } = $"{Pointer}/agent";

    public string VersionPointer { get; init; } = $"{Pointer}/version";

    internal static AgentCall? Of(GraphNode node) =>
        ComputedText.Literal(node.With, "agent") is { } agent ? new AgentCall(node.WithPointer, agent, ComputedText.Literal(node.With, "version")) : null;
}
