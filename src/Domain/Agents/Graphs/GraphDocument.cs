using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>A graph that was read but not yet resolved: what its nodes ask of the registry can be fetched before it is compiled.</summary>
public sealed class GraphDocument
{
    static readonly string[] Members = ["nodes", "edges", "output"];
    static readonly string[] EdgeMembers = ["from", "to", "when", "case"];

    GraphDocument(JsonElement source, IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphEdge> edges, JsonElement? output, bool isComplete)
    {
        Source = source;
        Nodes = nodes;
        Edges = edges;
        Output = output;
        IsComplete = isComplete;
        SkillReferences = nodes.Where(n => n.Skill is not null).Select(n => n.Skill!.Value).ToHashSet();
    }

    /// <summary>The document itself, independent of the caller's <see cref="JsonDocument"/>.</summary>
    public JsonElement Source { get; }

    public IReadOnlySet<SkillReference> SkillReferences { get; }

    internal IReadOnlyList<GraphNode> Nodes { get; }

    internal IReadOnlyList<GraphEdge> Edges { get; }

    internal JsonElement? Output { get; }

    /// <summary>False when something was refused while reading; what could be read is compiled all the same, for the other errors.</summary>
    internal bool IsComplete { get; }

    /// <summary>Reads a graph and adds everything that is wrong with its shape. Never throws on a document's content.</summary>
    public static GraphDocument Parse(JsonElement graph, ICollection<GraphProblem> problems)
    {
        var found = new List<GraphProblem>();
        var document = Read(graph, found);
        foreach (var problem in found.Take(GraphProblem.MaxReported))
            problems.Add(problem);
        return document;
    }

    static GraphDocument Read(JsonElement graph, List<GraphProblem> problems)
    {
        // Everything after this may read any name or text without fear.
        if (DocumentShape.Fault(graph) is { } fault)
        {
            problems.Add(fault);
            return new GraphDocument(default, [], [], null, isComplete: false);
        }

        graph = graph.Clone();
        if (ObjectFields.Read(graph, "", "A graph", Members, problems) is not { } fields)
            return new GraphDocument(graph, [], [], null, isComplete: false);

        List<GraphNode> nodes = [];
        if (fields.Require("nodes", "a graph has at least one node.") && fields.Array("nodes") is { } list)
        {
            foreach (var element in list.EnumerateArray())
                nodes.Add(NodeReader.Read(element, nodes.Count, problems));
            if (nodes.Count == 0)
                fields.Report("nodes", GraphProblemCodes.Missing, "A graph has at least one node; add one.");
        }

        List<GraphEdge> edges = [];
        if (fields.Array("edges") is { } written)
        {
            foreach (var element in written.EnumerateArray())
                edges.Add(ReadEdge(element, edges.Count, problems));
        }

        ReportDuplicates(nodes, problems);
        return new GraphDocument(graph, nodes, edges, fields.Value("output"), problems.Count == 0);
    }

    static GraphEdge ReadEdge(JsonElement element, int position, List<GraphProblem> problems)
    {
        if (ObjectFields.Read(element, $"/edges/{position}", "An edge", EdgeMembers, problems) is not { } fields)
            return new GraphEdge(position, null, null, null, null);

        return new GraphEdge(
            position,
            fields.Require("from", "name the node that the edge leaves.") ? fields.Text("from", 0, int.MaxValue) : null,
            fields.Require("to", "name the node that the edge enters.") ? fields.Text("to", 0, int.MaxValue) : null,
            fields.Text("when", 1, int.MaxValue) is { } when ? ConditionText(when) : null,
            fields.Text("case", 1, 63));
    }

    /// <summary>A condition is always an expression; the sign of one before it is allowed and means nothing more.</summary>
    internal static string ConditionText(string text) => text.StartsWith('=') ? text[1..] : text;

    static void ReportDuplicates(List<GraphNode> nodes, List<GraphProblem> problems)
    {
        var firsts = new Dictionary<string, GraphNode>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (node.Id is { } id && !firsts.TryAdd(id, node))
                problems.Add(GraphProblem.Error(JsonPointer.Append(node.Pointer, "id"), GraphProblemCodes.DuplicateId, $"The node at {firsts[id].Pointer} has the id '{id}' already; choose another."));
        }
    }
}
