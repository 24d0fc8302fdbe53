using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>Compiles the conditions of edges and warns of what they cut off.</summary>
sealed class EdgeCompiler(GraphDocument document, GraphShape shape, ScopeCheck scope, GraphLimits limits, ICollection<GraphProblem> problems)
{
    /// <summary>The condition of each edge (null where there is none), and whether the edge can never be live.</summary>
    public (Expression? When, bool IsDead)[] Compile(IReadOnlyList<NodeParts> nodes) =>
        [.. shape.Links.Select(link => link.Edge is null ? (null, false) : Compile(link, nodes[link.From]))];

    /// <summary>Nodes that hang only on edges that are never live. Only for a graph without cycles.</summary>
    public void WarnOfUnreachable(IReadOnlyList<(Expression? When, bool IsDead)> conditions, int[] order)
    {
        var reachable = new bool[document.Nodes.Count];
        Array.Fill(reachable, true);
        foreach (var link in shape.Links)
            reachable[link.To] = false;

        var outgoing = Enumerable.Range(0, shape.Links.Count).ToLookup(i => shape.Links[i].From);
        foreach (var node in order)
        {
            if (!reachable[node])
            {
                problems.Add(GraphProblem.Warning(
                    document.Nodes[node].Pointer, GraphProblemCodes.Unreachable, $"'{document.Nodes[node].Id}' never runs: no edge into it can ever be live. Change a condition, or take the node out."));
                continue;
            }

            foreach (var i in outgoing[node].Where(i => !conditions[i].IsDead))
                reachable[shape.Links[i].To] = true;
        }
    }

    (Expression? When, bool IsDead) Compile(GraphLink link, NodeParts from)
    {
        var edge = link.Edge!;
        CheckCase(edge, document.Nodes[link.From].Id!, from);
        var pointer = JsonPointer.Append(edge.Pointer, "when");
        if (edge.When is null || Conditions.Compile(edge.When, pointer, limits, problems) is not { } when)
            return (null, false);

        scope.OfEdge(link.From, pointer, when.RootFields);
        var isDead = Conditions.Constant(when, pointer, problems) == false;
        if (isDead)
            problems.Add(GraphProblem.Warning(pointer, GraphProblemCodes.NeverLive, "This condition is never true, so the edge is never live; change the condition, or take the edge out."));
        return (when, isDead);
    }

    void CheckCase(GraphEdge edge, string fromId, NodeParts from)
    {
        // Without its skill nothing is known of the node, and that is reported already.
        if (edge.Case is not { } name || from.Skill is null)
            return;

        var pointer = JsonPointer.Append(edge.Pointer, "case");
        if (from.Cases is not { } cases)
            problems.Add(GraphProblem.Error(pointer, GraphProblemCodes.NoSwitch, $"'{fromId}' is no switch, so its edges have no 'case'; write a condition in 'when'."));
        else if (!cases.Any(c => c.Name == name))
            problems.Add(GraphProblem.Error(pointer, GraphProblemCodes.UnknownCase, $"The switch '{fromId}' has no case '{name}'; add it or name another.{DidYouMean.Hint(name, cases.Select(c => c.Name))}"));
    }
}
