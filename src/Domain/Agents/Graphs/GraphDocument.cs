using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>A graph that was read but not yet resolved: what its nodes ask of the registry can be fetched before it is compiled.</summary>
public sealed class GraphDocument
{
    static readonly string[] Members = ["nodes", "edges", "output", "layout"];
    static readonly string[] EdgeMembers = ["from", "to", "when", "case"];

    GraphDocument(JsonElement source, string pointer, IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphEdge> edges, JsonElement? output, bool isComplete)
    {
        Source = source;
        Pointer = pointer;
        Nodes = nodes;
        Edges = edges;
        Output = output;
        IsComplete = isComplete;
        var bodies = nodes.Where(n => n.Body is not null).Select(n => n.Body!.Graph).ToList();
        AllNodes = [.. nodes, .. bodies.SelectMany(b => b.AllNodes)];
        AllEdges = edges.Count + bodies.Sum(b => b.AllEdges);
        BodyDepth = bodies.Select(b => 1 + b.BodyDepth).DefaultIfEmpty().Max();
        SkillReferences = AllNodes.Where(n => n.Skill is not null).Select(n => n.Skill!.Value).Concat(WrittenTools.Select(t => t.Skill)).ToHashSet();
    }

    /// <summary>The document itself, independent of the caller's <see cref="JsonDocument"/>.</summary>
    public JsonElement Source { get; }

    /// <summary>Of all nodes, those in bodies among them, and of the tools that they name.</summary>
    public IReadOnlySet<SkillReference> SkillReferences { get; }

    /// <summary>JSON pointer of this graph in the whole document: "" unless it is a body.</summary>
    internal string Pointer { get; }

    internal IReadOnlyList<GraphNode> Nodes { get; }

    internal IReadOnlyList<GraphEdge> Edges { get; }

    internal JsonElement? Output { get; }

    /// <summary>This graph's nodes, then those of its bodies.</summary>
    internal IReadOnlyList<GraphNode> AllNodes { get; }

    internal int AllEdges { get; }

    /// <summary>Bodies inside each other: 0 without any.</summary>
    internal int BodyDepth { get; }

    /// <summary>False when something was refused while reading; what could be read is compiled all the same, for the other errors.</summary>
    internal bool IsComplete { get; }

    /// <summary>Reads a graph and adds everything that is wrong with its shape. Never throws on a document's content.</summary>
    public static GraphDocument Parse(JsonElement graph, ICollection<GraphProblem> problems)
    {
        var found = new List<GraphProblem>();
        var document = ReadWhole(graph, found);
        foreach (var problem in found.Take(GraphProblem.MaxReported))
            problems.Add(problem);
        return document;
    }

    static GraphDocument ReadWhole(JsonElement graph, List<GraphProblem> problems)
    {
        // Everything after this may read any name or text without fear.
        if (DocumentShape.Fault(graph) is { } fault)
        {
            problems.Add(fault);
            return new GraphDocument(default, "", [], [], null, isComplete: false);
        }

        var document = Read(graph.Clone(), "", problems);
        ReportDuplicates(document.AllNodes, problems);
        return problems.Count == 0 || !document.IsComplete ? document : new GraphDocument(document.Source, "", document.Nodes, document.Edges, document.Output, isComplete: false);
    }

    /// <summary>The agents that the nodes run, those in bodies among them. What is no plain name is left out: it is refused when the graph is compiled.</summary>
    public IReadOnlyList<AgentCall> AgentCalls(ISkillCatalog skills) =>
    [
        .. AllNodes.Where(n => n.Skill is { } reference && skills.Resolve(reference)?.Type == SkillType.Agent).Select(AgentCall.Of).OfType<AgentCall>(),
        .. WrittenTools.Select(t => t.Agent).OfType<AgentCall>(),
    ];

    IEnumerable<WrittenTool> WrittenTools => AllNodes.SelectMany(n => n.Tools?.Listed ?? []);

    /// <summary>Reads a graph inside a document that has passed <see cref="DocumentShape"/>.</summary>
    internal static GraphDocument Read(JsonElement graph, string pointer, List<GraphProblem> problems)
    {
        if (ObjectFields.Read(graph, pointer, "A graph", Members, problems) is not { } fields)
            return new GraphDocument(graph, pointer, [], [], null, isComplete: false);

        List<GraphNode> nodes = [];
        if (fields.Require("nodes", "a graph has at least one node.") && fields.Array("nodes") is { } list)
        {
            foreach (var element in list.EnumerateArray())
                nodes.Add(NodeReader.Read(element, nodes.Count, JsonPointer.Append(fields.At("nodes"), nodes.Count), problems));
            if (nodes.Count == 0)
                fields.Report("nodes", GraphProblemCodes.Missing, "A graph has at least one node; add one.");
        }

        List<GraphEdge> edges = [];
        if (fields.Array("edges") is { } written)
        {
            foreach (var element in written.EnumerateArray())
                edges.Add(ReadEdge(element, JsonPointer.Append(fields.At("edges"), edges.Count), problems));
        }

        LayoutReader.Check(fields, problems);
        return new GraphDocument(graph, pointer, nodes, edges, fields.Value("output"), problems.Count == 0);
    }

    /// <summary>A body that is an agent: a graph with that one node, written where the body is.</summary>
    internal static GraphDocument OfAgent(JsonElement body, JsonElement with, string pointer)
    {
        // No author can write this id, so that it hides none of theirs.
        var node = new GraphNode(0, pointer, "_run", new SkillReference("agent", null), with, null, null, null, OnErrorKind.Fail, null, Join.All) { WithPointer = pointer };
        return new GraphDocument(body, pointer, [node], [], null, isComplete: true);
    }

    static GraphEdge ReadEdge(JsonElement element, string pointer, List<GraphProblem> problems)
    {
        if (ObjectFields.Read(element, pointer, "An edge", EdgeMembers, problems) is not { } fields)
            return new GraphEdge(pointer, null, null, null, null);

        return new GraphEdge(
            pointer,
            fields.Require("from", "name the node that the edge leaves.") ? fields.Text("from", 0, int.MaxValue) : null,
            fields.Require("to", "name the node that the edge enters.") ? fields.Text("to", 0, int.MaxValue) : null,
            fields.Text("when", 1, int.MaxValue) is { } when ? ConditionText(when) : null,
            fields.Text("case", 1, 63));
    }

    /// <summary>A condition is always an expression; the sign of one before it is allowed and means nothing more.</summary>
    internal static string ConditionText(string text) => text.StartsWith('=') ? text[1..] : text;

    // Over all bodies: an expression that reads a name must never be able to mean two nodes.
    static void ReportDuplicates(IEnumerable<GraphNode> nodes, List<GraphProblem> problems)
    {
        var firsts = new Dictionary<string, GraphNode>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (node.Id is { } id && !id.StartsWith('_') && !firsts.TryAdd(id, node))
                problems.Add(GraphProblem.Error(JsonPointer.Append(node.Pointer, "id"), GraphProblemCodes.DuplicateId, $"The node at {firsts[id].Pointer} has the id '{id}' already; choose another."));
        }
    }
}
