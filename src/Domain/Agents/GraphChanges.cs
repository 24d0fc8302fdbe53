using System.Text.Json;

namespace AgentPlatform.Domain.Agents;

/// <summary>What changed from one graph to another, in a builder's terms. Pointers of a node's changes start at the node.</summary>
/// <param name="Output">Changes of the graph's <c>output</c> and of every other member beside nodes and edges.</param>
public sealed record GraphChanges(NodeChanges Nodes, EdgeChanges Edges, IReadOnlyList<JsonChange> Output)
{
    /// <summary>Compares two graphs that were accepted: every node has an id, once.</summary>
    public static GraphChanges Between(JsonElement before, JsonElement after)
    {
        var old = NodesOf(before);
        var now = NodesOf(after);
        var changed =
            from node in now
            where old.ContainsKey(node.Key)
            let changes = JsonDiff.Between(old[node.Key], node.Value)
            where changes.Count > 0
            select new NodeChange(node.Key, changes);
        return new GraphChanges(
            new NodeChanges([.. now.Keys.Where(id => !old.ContainsKey(id))], [.. old.Keys.Where(id => !now.ContainsKey(id))], [.. changed]),
            EdgesOf(before, after),
            JsonDiff.Between(Rest(before), Rest(after)));
    }

    static OrderedDictionary<string, JsonElement> NodesOf(JsonElement graph)
    {
        var nodes = new OrderedDictionary<string, JsonElement>();
        foreach (var node in Items(graph, "nodes"))
        {
            nodes[node.GetProperty("id").GetString()!] = node;
        }

        return nodes;
    }

    // An edge has no identity of its own: one whose condition changed is one removed and one added.
    static EdgeChanges EdgesOf(JsonElement before, JsonElement after)
    {
        var old = Items(before, "edges").ToList();
        var added = new List<JsonElement>();
        foreach (var edge in Items(after, "edges"))
        {
            var same = old.FindIndex(e => JsonElement.DeepEquals(e, edge));
            if (same >= 0)
            {
                old.RemoveAt(same);
            }
            else
            {
                added.Add(edge);
            }
        }

        return new EdgeChanges(added, old);
    }

    static JsonElement Rest(JsonElement graph) => JsonSerializer.SerializeToElement(
        graph.EnumerateObject().Where(m => m.Name is not ("nodes" or "edges")).ToDictionary(m => m.Name, m => m.Value));

    static JsonElement.ArrayEnumerator Items(JsonElement graph, string name) =>
        graph.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;
}

/// <param name="Added">Node ids.</param>
public sealed record NodeChanges(IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<NodeChange> Changed);

public sealed record NodeChange(string Id, IReadOnlyList<JsonChange> Changes);

/// <param name="Added">Edges as they are written.</param>
public sealed record EdgeChanges(IReadOnlyList<JsonElement> Added, IReadOnlyList<JsonElement> Removed);
