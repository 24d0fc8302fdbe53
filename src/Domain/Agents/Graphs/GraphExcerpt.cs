using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>
/// The part of a graph that one node needs: it and all before it. What is wrong elsewhere does not matter then, and nothing runs after it.
/// The graph may be a draft: what cannot be read is left for the compiler to refuse.
/// </summary>
public static class GraphExcerpt
{
    /// <param name="standing">Nodes whose outputs are given. The way from them to the node is open, whatever conditions their edges had.</param>
    /// <returns>Null when the graph has no such node.</returns>
    public static JsonElement? Around(JsonElement graph, string node, IReadOnlySet<string> standing)
    {
        if (JsonNode.Parse(graph.GetRawText()) is not JsonObject whole || Items(whole, "nodes").FirstOrDefault(n => Text(n, "id") == node) is null)
        {
            return null;
        }

        var kept = Before(whole, node);
        var excerpt = new JsonObject { ["nodes"] = Nodes(whole, kept) };
        var edges = Edges(whole, kept, to => to == node || standing.Contains(to));
        if (edges.Count > 0)
        {
            excerpt["edges"] = edges;
        }

        return JsonSerializer.SerializeToElement(excerpt);
    }

    static HashSet<string> Before(JsonObject graph, string node)
    {
        var links = Items(graph, "edges").Select(e => (From: Text(e, "from"), To: Text(e, "to")))
            .Concat(Items(graph, "nodes").Select(n => (From: Text(n, "id"), To: Goto(n))))
            .ToLookup(link => link.To, link => link.From);
        var kept = new HashSet<string>(StringComparer.Ordinal) { node };
        var open = new Stack<string>(kept);
        while (open.TryPop(out var at))
        {
            foreach (var from in links[at].OfType<string>().Where(kept.Add))
            {
                open.Push(from);
            }
        }

        return kept;
    }

    static JsonArray Nodes(JsonObject graph, HashSet<string> kept)
    {
        var nodes = new JsonArray();
        foreach (var node in Items(graph, "nodes").Where(n => Text(n, "id") is { } id && kept.Contains(id)))
        {
            var copy = (JsonObject)node.DeepClone();
            if (Goto(copy) is { } fallback && !kept.Contains(fallback))
            {
                copy.Remove("on_error");
            }

            nodes.Add(copy);
        }

        return nodes;
    }

    static JsonArray Edges(JsonObject graph, HashSet<string> kept, Func<string, bool> isOpen)
    {
        var edges = new JsonArray();
        var opened = new HashSet<(string, string)>();
        foreach (var edge in Items(graph, "edges"))
        {
            if (Text(edge, "from") is not { } from || Text(edge, "to") is not { } to || !kept.Contains(from) || !kept.Contains(to))
            {
                continue;
            }

            if (!isOpen(to))
            {
                edges.Add(edge.DeepClone());
            }
            else if (opened.Add((from, to)))
            {
                edges.Add(new JsonObject { ["from"] = from, ["to"] = to });
            }
        }

        return edges;
    }

    static IEnumerable<JsonObject> Items(JsonObject graph, string name) => graph[name] is JsonArray list ? list.OfType<JsonObject>() : [];

    static string? Goto(JsonObject node) => node["on_error"] is JsonObject fallback ? Text(fallback, "goto") : null;

    static string? Text(JsonObject item, string name) => item[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
