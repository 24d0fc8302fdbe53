using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>Whether the names that an expression reads exist where it is evaluated.</summary>
/// <param name="around">Of a body: the node that it belongs to, whose scope the body reads as well.</param>
sealed class ScopeCheck(GraphDocument document, GraphShape shape, ICollection<GraphProblem> problems, BodyPlace? around = null)
{
    static readonly IReadOnlyList<string> Always = ["input", "config", "run", "errors"];
    static readonly IReadOnlyList<string> InBodies = ["item", "index"];

    public bool IsBody => around is not null;

    /// <summary>Of a node's own expressions: its ancestors are in scope.</summary>
    public void OfNode(int node, string pointer, IEnumerable<string> names) => Check(pointer, names, other => NotBefore(other, node));

    /// <summary>Of an edge's condition: the node that it leaves is in scope, and that node's ancestors.</summary>
    public void OfEdge(int from, string pointer, IEnumerable<string> names) =>
        Check(pointer, names, other => other == from ? null : NotBefore(other, from));

    /// <summary>Of the graph's output: every node is in scope.</summary>
    public void OfOutput(string pointer, IEnumerable<string> names) => Check(pointer, names, _ => null);

    /// <summary>Of a loop's <c>until</c>: every node of the body, and what the round has given.</summary>
    public void OfUntil(string pointer, IEnumerable<string> names) => OfOutput(pointer, names.Where(n => n != "output"));

    /// <summary>The same for all the expressions and templates of a mapping.</summary>
    public static void Each(ValueTemplate template, Action<string, IEnumerable<string>> check)
    {
        foreach (var place in template.References.GroupBy(r => r.Pointer, r => r.RootField, StringComparer.Ordinal))
            check(place.Key, place.Distinct(StringComparer.Ordinal));
    }

    void Check(string pointer, IEnumerable<string> names, Func<int, string?> refuse)
    {
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            // In JMESPath null is a name like any other. No node can have it, so what people mean by `a != null` is what they get.
            if (name == "null" || Always.Contains(name, StringComparer.Ordinal) || (IsBody && InBodies.Contains(name, StringComparer.Ordinal)))
                continue;
            if (shape.Find(name) is { } own)
                Report(pointer, refuse(own));
            else if (Around(name) is { Owner: var owner, Scope: var outer, Node: var other })
                Report(pointer, outer.NotBefore(other, owner));
            else
                problems.Add(GraphProblem.Error(pointer, GraphProblemCodes.UnknownName, Unknown(name)));
        }
    }

    void Report(string pointer, string? notBefore)
    {
        if (notBefore is not null)
            problems.Add(GraphProblem.Error(pointer, GraphProblemCodes.NotAnAncestor, notBefore));
    }

    /// <summary>The node of this name in the nearest graph around this body, with the node there that the body belongs to.</summary>
    (ScopeCheck Scope, int Owner, int Node)? Around(string name) =>
        around is null ? null
        : around.Scope.Find(name) is { } found ? (around.Scope, around.Owner, found)
        : around.Scope.Around(name);

    int? Find(string name) => shape.Find(name);

    IEnumerable<string> Ids => around is null ? shape.Ids : shape.Ids.Concat(around.Scope.Ids);

    string? NotBefore(int other, int node)
    {
        if (shape.IsAncestor(other, node))
            return null;

        var (otherId, id) = (document.Nodes[other].Id, document.Nodes[node].Id);
        if (other == node)
            return $"'{id}' cannot read its own output, which does not exist while it runs; read one of its ancestors.";
        return id is not null && shape.IsAncestor(node, other)
            ? $"'{otherId}' runs after '{id}', so '{id}' cannot read its output; read one of its ancestors, or turn the edges between them round."
            : $"'{otherId}' is no ancestor of '{id}', so its output may not exist yet: add an edge from '{otherId}' to '{id}', or take the reference out.";
    }

    string Unknown(string name) => name switch
    {
        "item" or "index" => $"'{name}' exists only inside the body of a foreach or a loop; read 'input' or a node here.",
        "true" or "false" => $"'{name}' is a name in an expression; the value is written `{name}`, between backticks.",
        "output" => "'output' is no name in an expression; read a node by its id.",
        _ when document.Nodes.FirstOrDefault(n => n.Body?.Graph.AllNodes.Any(inner => inner.Id == name) == true) is { Id: { } owner } =>
            $"'{name}' is a node inside the body of '{owner}' and cannot be read here; read what '{owner}' gives.",
        _ => $"There is no '{name}' here: names are {string.Join(", ", IsBody ? Always.Concat(InBodies) : Always)} and the ids of nodes.{DidYouMean.Hint(name, Ids.Concat(Always), problems.Count)}",
    };
}

/// <summary>Where a body is: in the graph that <paramref name="Scope"/> checks, as a part of the node <paramref name="Owner"/> (its position there).</summary>
sealed record BodyPlace(ScopeCheck Scope, int Owner);
