using System.Runtime.InteropServices;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>A graph that can run: checked, ordered, every expression parsed, every skill resolved. Immutable and thread-safe.</summary>
public sealed class CompiledGraph
{
    readonly Dictionary<string, int> byId;

    internal CompiledGraph(IReadOnlyList<CompiledNode> nodes, IReadOnlyList<CompiledEdge> edges, ValueTemplate output)
    {
        Nodes = nodes;
        Edges = edges;
        Output = output;
        byId = nodes.ToDictionary(n => n.Id, n => n.Index, StringComparer.Ordinal);
    }

    /// <summary>In topological order: every node comes after all nodes with an edge into it.</summary>
    public IReadOnlyList<CompiledNode> Nodes { get; }

    /// <summary>Those of the document in its order, then the error edges.</summary>
    public IReadOnlyList<CompiledEdge> Edges { get; }

    /// <summary>The run's output, over the scope of all nodes. Where the document gives none: the output of the only sink, or an object of all sinks by id.</summary>
    public ValueTemplate Output { get; }

    /// <summary>The node's place in <see cref="Nodes"/>, or -1.</summary>
    public int IndexOf(string nodeId) => byId.GetValueOrDefault(nodeId, -1);
}

/// <param name="Pointer">JSON pointer into the document.</param>
public sealed record CompiledNode(int Index, string Id, string Pointer, ResolvedSkill Skill)
{
    /// <summary>The skill's arguments. Of a switch, <c>{}</c>: what it decides by is in <see cref="Cases"/>.</summary>
    public required ValueTemplate With { get; init; }

    /// <summary>The name of the credential that the skill applies.</summary>
    public string? Credential { get; init; }

    /// <summary>Of one attempt.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Null: one attempt.</summary>
    public RetryPolicy? Retry { get; init; }

    public OnError OnError { get; init; }

    public Join Join { get; init; }

    public required IReadOnlyList<CompiledEdge> Incoming { get; init; }

    public required IReadOnlyList<CompiledEdge> Outgoing { get; init; }

    /// <summary>Only of a switch: the cases in order; the first whose condition is null or truthy wins.</summary>
    public IReadOnlyList<SwitchCase>? Cases { get; init; }

    /// <summary>Only of a <c>foreach</c> or a <c>loop</c>: what is run again and again.</summary>
    public CompiledBody? Body { get; init; }

    /// <summary>Only of an <c>llm</c> whose model may call tools.</summary>
    public NodeTools? Tools { get; init; }
}

/// <summary>The nested graph of a node. Its expressions read what its node reads, its own nodes, <c>item</c> and <c>index</c>.</summary>
/// <param name="Until">Only of a loop: judged after each round, over the body's scope and <c>output</c> (of that round); null repeats until <paramref name="MaxIterations"/>.</param>
/// <param name="MaxIterations">Only of a loop: 1 to 1 000.</param>
public sealed record CompiledBody(CompiledGraph Graph, Expression? Until = null, int MaxIterations = 0);

/// <param name="GotoIndex">The node that takes over; -1 unless <paramref name="Kind"/> is <see cref="OnErrorKind.Goto"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct OnError(OnErrorKind Kind, int GotoIndex);

/// <summary>One case of a switch.</summary>
/// <param name="When">Null for the default, which is always the last.</param>
/// <param name="Index">As the switch's output gives it: the place in <c>cases</c>, or -1 for the default.</param>
public sealed record SwitchCase(string Name, Expression? When, int Index);

/// <param name="Index">Place in <see cref="CompiledGraph.Edges"/>.</param>
/// <param name="From">Place in <see cref="CompiledGraph.Nodes"/>, as <paramref name="To"/>.</param>
/// <param name="When">The condition; null when there is none.</param>
/// <param name="Case">The case of the switch <paramref name="From"/> that must have won; null when any may. With a condition, both must hold.</param>
/// <param name="IsErrorEdge">Made from <c>on_error: { goto }</c>: live only when <paramref name="From"/> failed.</param>
public sealed record CompiledEdge(int Index, int From, int To, Expression? When, string? Case, bool IsErrorEdge);
