using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Domain.Execution;

/// <summary>How a node ended in an earlier run, as far as a fork of it is concerned.</summary>
public enum FormerResult
{
    /// <summary>It was never reached, was under way, or ended the run.</summary>
    None,
    Succeeded,
    /// <summary>Failed, whatever the graph made of that.</summary>
    Failed,
    Skipped,
}

/// <summary>
/// Which nodes a fork takes over from an earlier run. A node is taken over when it and all nodes before it have a result there and none of them
/// is to run anew, so what it was given is what it would be given again. Nodes are matched by their ids.
/// </summary>
public static class Reuse
{
    /// <param name="graph">The graph that the fork runs: the earlier run's, or that of another version.</param>
    /// <param name="from">The node to begin with: it and all that follow it run anew. Null begins after everything that has a result.</param>
    /// <returns>For each node of the graph, by its index: whether it and all before it stand as they were.</returns>
    public static bool[] Stands(CompiledGraph graph, int? from, Func<string, FormerResult> resultOf)
    {
        var stands = new bool[graph.Nodes.Count];

        // Nodes are in topological order: those before a node are decided before it.
        foreach (var node in graph.Nodes)
        {
            stands[node.Index] = node.Index != from && HasResult(node, resultOf(node.Id)) && node.Incoming.All(edge => stands[edge.From]);
        }

        return stands;
    }

    /// <summary>A failure that the graph goes on from is a result like any other; one that ends the run is what a fork is there to get past.</summary>
    static bool HasResult(CompiledNode node, FormerResult result) => result switch
    {
        FormerResult.Succeeded or FormerResult.Skipped => true,
        FormerResult.Failed => node.OnError.Kind is not OnErrorKind.Fail,
        _ => false,
    };
}
