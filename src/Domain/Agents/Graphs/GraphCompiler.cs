using System.Text.Json;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>Makes of a document what the engine runs, or says everything that is wrong with it at once.</summary>
public static class GraphCompiler
{
    /// <summary>Null when the document has an error: here, or already when it was parsed. Warnings are no obstacle. Never throws on a document's content.</summary>
    public static CompiledGraph? Compile(GraphDocument doc, ISkillCatalog skills, ITemplateCompiler templates, GraphLimits limits, ICollection<GraphProblem> problems)
    {
        var found = new List<GraphProblem>();
        var graph = Compile(doc, skills, templates, limits, found);
        // Errors first: warnings may fill the list, and must not push out the reason for a refusal.
        foreach (var problem in found.OrderBy(p => p.Severity).Take(GraphProblem.MaxReported))
            problems.Add(problem);
        return graph;
    }

    static CompiledGraph? Compile(GraphDocument doc, ISkillCatalog skills, ITemplateCompiler templates, GraphLimits limits, List<GraphProblem> problems)
    {
        var isWithinLimits = CheckLimits(doc, limits, problems);
        var shape = new GraphShape(doc, problems);
        // What follows costs more than linear time: a document past the limits has had its answer.
        return isWithinLimits ? Compile(doc, shape, new ScopeCheck(doc, shape, problems), skills, templates, limits, problems) : null;
    }

    /// <summary>The same for a graph or a body whose limits are checked.</summary>
    internal static CompiledGraph? Compile(
        GraphDocument doc, GraphShape shape, ScopeCheck scope, ISkillCatalog skills, ITemplateCompiler templates, GraphLimits limits, List<GraphProblem> problems)
    {
        var nodeCompiler = new NodeCompiler(scope, skills, templates, limits, problems);
        NodeParts[] nodes = [.. doc.Nodes.Select(nodeCompiler.Compile)];
        var edgeCompiler = new EdgeCompiler(doc, shape, scope, limits, problems);
        var edges = edgeCompiler.Compile(nodes);
        var outputPointer = JsonPointer.Append(doc.Pointer, "output");

        ValueTemplate? output = null;
        if (doc.Output is { } written)
        {
            output = nodeCompiler.Template(written, outputPointer);
            ScopeCheck.Each(output, scope.OfOutput);
        }

        if (!shape.IsAcyclic)
            return null;
        var order = shape.Topological();
        edgeCompiler.WarnOfUnreachable(edges, order);
        if (!doc.IsComplete || problems.Exists(p => p.Severity == ProblemSeverity.Error))
            return null;
        return Build(doc, shape, order, nodes, edges, output ?? nodeCompiler.Template(DefaultOutput(doc, shape, nodes), outputPointer));
    }

    static bool CheckLimits(GraphDocument doc, GraphLimits limits, List<GraphProblem> problems)
    {
        var before = problems.Count;
        if (doc.AllNodes.Count > limits.Nodes)
            problems.Add(Passed("/nodes", $"The graph has {doc.AllNodes.Count} nodes; at most {limits.Nodes} are allowed, those in bodies among them. Move a part of it into an agent of its own."));
        if (doc.AllEdges > limits.Edges)
            problems.Add(Passed("/edges", $"The graph has {doc.AllEdges} edges; at most {limits.Edges} are allowed, those in bodies among them. Move a part of it into an agent of its own."));
        if (doc.BodyDepth > limits.BodyDepth)
            problems.Add(Passed("/nodes", $"Bodies are nested {doc.BodyDepth} deep; at most {limits.BodyDepth} are allowed. Move a part of it into an agent of its own."));
        if (doc.Source.ValueKind != JsonValueKind.Undefined)
        {
            if (CanonicalJson.Write(doc.Source).Length is var size && size > limits.Bytes)
                problems.Add(Passed("", $"The graph has {size} bytes without white space; at most {limits.Bytes} are allowed. Move large texts into the agent's settings."));
            if (DocumentShape.Depth(doc.Source) is var depth && depth > limits.Depth)
                problems.Add(Passed("", $"Objects and arrays are nested {depth} deep; at most {limits.Depth} are allowed."));
        }

        return problems.Count == before;
    }

    static GraphProblem Passed(string pointer, string message) => GraphProblem.Error(pointer, GraphProblemCodes.LimitPassed, message);

    static CompiledGraph Build(
        GraphDocument doc, GraphShape shape, int[] order, NodeParts[] parts, (Expression? When, bool IsDead)[] conditions, ValueTemplate output)
    {
        var indexOf = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            indexOf[order[i]] = i;

        CompiledEdge[] edges = [.. shape.Links.Select((l, i) => new CompiledEdge(i, indexOf[l.From], indexOf[l.To], conditions[i].When, l.Edge?.Case, l.Edge is null))];
        var outgoing = edges.ToLookup(e => e.From);
        var incoming = edges.ToLookup(e => e.To);
        CompiledNode[] nodes = [.. order.Select((position, index) =>
        {
            var node = doc.Nodes[position];
            return new CompiledNode(index, node.Id!, node.Pointer, parts[position].Skill!)
            {
                With = parts[position].With,
                Credential = node.Credential,
                Timeout = node.Timeout,
                Retry = node.Retry,
                OnError = new OnError(node.OnError, node.Goto is { } target ? indexOf[shape.Find(target)!.Value] : -1),
                Join = node.Join,
                Incoming = [.. incoming[index]],
                Outgoing = [.. outgoing[index]],
                Cases = parts[position].Cases,
                Body = parts[position].Body,
                Tools = parts[position].Tools,
            };
        })];
        return new CompiledGraph(nodes, edges, output);
    }

    /// <summary>The output of the only sink, or an object of all sinks. A node that only an error leads on from is a sink: when all goes well, the run
    /// ends there. <c>fail</c> never has an output.</summary>
    static JsonElement DefaultOutput(GraphDocument doc, GraphShape shape, NodeParts[] parts)
    {
        var leadsOn = shape.Links.Where(l => l.Edge is not null).Select(l => l.From).ToHashSet();
        string[] sinks = [.. doc.Nodes.Where(n => !leadsOn.Contains(n.Position) && !parts[n.Position].Skill!.IsBuiltin("fail")).Select(n => n.Id!)];
        return sinks.Length == 1
            ? JsonSerializer.SerializeToElement($"={sinks[0]}")
            : JsonSerializer.SerializeToElement(sinks.ToDictionary(id => id, id => $"={id}", StringComparer.Ordinal));
    }
}
