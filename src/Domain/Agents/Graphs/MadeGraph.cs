using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>Graphs that the run engine makes itself, out of what a model asked for. No author wrote them: nothing in them is checked again.</summary>
public static class MadeGraph
{
    /// <summary>The graph's output is null: whoever made it reads the nodes' own.</summary>
    /// <param name="nodes">Each after the node that it waits for.</param>
    public static CompiledGraph Of(IReadOnlyList<MadeNode> nodes)
    {
        var places = nodes.Select((node, index) => (node.Id, Index: index)).ToDictionary(entry => entry.Id, entry => entry.Index, StringComparer.Ordinal);
        List<CompiledEdge> edges = [];
        foreach (var node in nodes)
        {
            if (node.After is { } before)
            {
                edges.Add(new CompiledEdge(edges.Count, places[before], places[node.Id], null, null, IsErrorEdge: false));
            }
        }

        var incoming = edges.ToLookup(edge => edge.To);
        var outgoing = edges.ToLookup(edge => edge.From);
        return new CompiledGraph([.. nodes.Select((node, index) => Compile(node, index, incoming[index], outgoing[index]))], edges, ValueTemplate.Literal(Datum.Null));
    }

    static CompiledNode Compile(MadeNode node, int index, IEnumerable<CompiledEdge> incoming, IEnumerable<CompiledEdge> outgoing) => new(index, node.Id, "", node.Skill)
    {
        With = node.With,
        Credential = node.Credential,
        Timeout = node.Timeout,
        Retry = node.Retry,
        OnError = new OnError(node.OnError, -1),
        Incoming = [.. incoming],
        Outgoing = [.. outgoing],
    };
}

/// <param name="Id">Also a plain name in an expression.</param>
/// <param name="OnError">With <see cref="OnErrorKind.Goto"/>, and no node to go to, a failure skips what waits for the node and ends nothing else.</param>
/// <param name="After">Id of the node that must have succeeded before.</param>
public sealed record MadeNode(string Id, ResolvedSkill Skill, ValueTemplate With, OnErrorKind OnError, string? After = null)
{
    public string? Credential { get; init; }

    public TimeSpan? Timeout { get; init; }

    public RetryPolicy? Retry { get; init; }
}
