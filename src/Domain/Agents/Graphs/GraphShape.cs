using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>The nodes and arrows of a document with their names resolved to positions. Reports what does not resolve, repeats and cycles.</summary>
sealed class GraphShape
{
    // A cycle through hundreds of nodes is no easier to find when all of them are named.
    const int NamedInCycle = 24;

    readonly GraphDocument document;
    readonly Dictionary<string, int> byId = new(StringComparer.Ordinal);
    readonly List<GraphLink> links = [];
    readonly GraphOrder order;

    public GraphShape(GraphDocument document, ICollection<GraphProblem> problems)
    {
        this.document = document;
        foreach (var node in document.Nodes)
        {
            if (node.Id is { } id)
                byId.TryAdd(id, node.Position);
        }

        AddEdges(problems);
        AddErrorEdges(problems);
        order = new GraphOrder(document.Nodes.Count, [.. links.Select(l => (l.From, l.To))]);
        IsAcyclic = !ReportCycles(problems);
    }

    /// <summary>Edges of the document whose ends exist, then error edges.</summary>
    public IReadOnlyList<GraphLink> Links => links;

    public bool IsAcyclic { get; }

    public IEnumerable<string> Ids => byId.Keys;

    public int? Find(string id) => byId.TryGetValue(id, out var position) ? position : null;

    public bool IsAncestor(int ancestor, int node) => order.IsAncestor(ancestor, node);

    /// <summary>Positions in the document, each after those it depends on. Only when <see cref="IsAcyclic"/>.</summary>
    public int[] Topological() => order.Topological();

    void AddEdges(ICollection<GraphProblem> problems)
    {
        var seen = new Dictionary<(string, string, string?, string?), GraphEdge>();
        foreach (var edge in document.Edges)
        {
            var from = Resolve(edge.From, edge.Pointer, "from", problems);
            var to = Resolve(edge.To, edge.Pointer, "to", problems);
            if (edge.From is null || edge.To is null)
                continue;
            if (!seen.TryAdd((edge.From, edge.To, edge.When, edge.Case), edge))
                problems.Add(GraphProblem.Error(edge.Pointer, GraphProblemCodes.DuplicateEdge, $"The edge at {seen[(edge.From, edge.To, edge.When, edge.Case)].Pointer} is the same; take one out."));
            else if (from is { } f && to is { } t)
                links.Add(new GraphLink(f, t, edge.Pointer, edge));
        }
    }

    void AddErrorEdges(ICollection<GraphProblem> problems)
    {
        foreach (var node in document.Nodes)
        {
            var pointer = JsonPointer.Append(node.Pointer, "on_error");
            if (Resolve(node.Goto, pointer, "goto", problems) is { } target)
                links.Add(new GraphLink(node.Position, target, JsonPointer.Append(pointer, "goto"), Edge: null));
        }
    }

    int? Resolve(string? id, string pointer, string member, ICollection<GraphProblem> problems)
    {
        if (id is null)
            return null;
        if (Find(id) is { } found)
            return found;
        problems.Add(GraphProblem.Error(JsonPointer.Append(pointer, member), GraphProblemCodes.UnknownNode, $"There is no node '{id}'; add it or name another.{DidYouMean.Hint(id, byId.Keys, problems.Count)}"));
        return null;
    }

    bool ReportCycles(ICollection<GraphProblem> problems)
    {
        var any = false;
        foreach (var cycle in order.Cycles())
        {
            any = true;
            var closing = links.First(l => l.From == cycle[^1] && l.To == cycle[0]);
            problems.Add(GraphProblem.Error(closing.Pointer, GraphProblemCodes.Cycle, $"These nodes wait for each other: {Describe(cycle)}. Take out one of the edges; to repeat work, use a loop with a body."));
        }

        return any;
    }

    string Describe(IReadOnlyList<int> cycle)
    {
        var names = cycle.Append(cycle[0]).Select(n => document.Nodes[n].Id!).ToList();
        var hidden = names.Count - NamedInCycle;
        if (hidden > 1)
        {
            names.RemoveRange(NamedInCycle / 2, hidden);
            names.Insert(NamedInCycle / 2, $"… {hidden} more …");
        }

        return string.Join(" → ", names);
    }
}

/// <summary>An arrow between two existing nodes, by their positions in the document.</summary>
/// <param name="Edge">Null for the arrow that <c>on_error: { goto }</c> makes.</param>
sealed record GraphLink(int From, int To, string Pointer, GraphEdge? Edge);
