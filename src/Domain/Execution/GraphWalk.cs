using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Domain.Execution;

public enum NodeState : byte
{
    Pending,
    Ready,
    Running,
    Succeeded,
    Failed,
    Skipped,
}

/// <summary>What ended a run early.</summary>
public sealed record RunFailure(SkillError Error, string? NodeId);

/// <summary>
/// One run's way through its graph: which nodes are ready, which are skipped, when it is over. Pure: the caller executes the nodes
/// and reports back. A node runs when every edge into it is settled and at least one is live (<c>join: any</c>: on the first live one);
/// with none live it is skipped, and with it what hangs on it alone.
/// </summary>
public sealed class GraphWalk
{
    readonly CompiledGraph graph;
    readonly NodeState[] states;
    readonly int[] unsettled;
    readonly bool[] live;
    readonly Queue<int> ready = new();
    readonly Queue<int> skipped = new();
    readonly Queue<(CompiledEdge Edge, bool Live)> settling = new();
    readonly Datum root;

    public GraphWalk(CompiledGraph graph, RunScope scope)
    {
        this.graph = graph;
        Scope = scope;
        root = Datum.FromObject(scope);
        states = new NodeState[graph.Nodes.Count];
        unsettled = new int[states.Length];
        live = new bool[states.Length];
        foreach (var node in graph.Nodes)
        {
            unsettled[node.Index] = node.Incoming.Count;
            if (node.Incoming.Count == 0)
            {
                MakeReady(node.Index);
            }
        }
    }

    public RunScope Scope { get; }

    /// <summary>The scope as the root value of expressions.</summary>
    public Datum Root => root;

    /// <summary>Set once a node failed whose <c>on_error</c> is <c>fail</c>; nothing becomes ready any more.</summary>
    public RunFailure? Failure { get; private set; }

    public int Settled { get; private set; }

    public NodeState StateOf(int index) => states[index];

    public bool TryTakeReady(out int index)
    {
        while (Failure is null && ready.TryDequeue(out index))
        {
            // A failed edge condition may have failed the node while it was in line.
            if (states[index] is NodeState.Ready)
            {
                states[index] = NodeState.Running;
                return true;
            }
        }

        index = -1;
        return false;
    }

    public bool TryTakeSkipped(out int index) => skipped.TryDequeue(out index);

    public void Succeed(int index, Datum output)
    {
        states[index] = NodeState.Succeeded;
        Settled++;
        Scope.SetOutput(index, output);
        Leave(index, failed: false);
    }

    public void Fail(int index, SkillError error)
    {
        states[index] = NodeState.Failed;
        Settled++;
        Scope.SetError(index, error);
        switch (graph.Nodes[index].OnError.Kind)
        {
            case OnErrorKind.Continue:
                Leave(index, failed: false);
                break;
            case OnErrorKind.Goto:
                Leave(index, failed: true);
                break;
            default:
                Failure ??= new RunFailure(error, graph.Nodes[index].Id);
                break;
        }
    }

    /// <summary>The run's output, once nothing is left to do.</summary>
    /// <exception cref="ExpressionException">The output mapping failed.</exception>
    public Datum Output(CancellationToken ct) => graph.Output.Evaluate(root, ct);

    void Leave(int index, bool failed)
    {
        foreach (var edge in graph.Nodes[index].Outgoing)
        {
            settling.Enqueue((edge, edge.IsErrorEdge == failed && (failed || IsTaken(edge))));
        }

        // A queue instead of recursion: a chain of 500 skipped nodes must not deepen the stack.
        while (settling.TryDequeue(out var settled))
        {
            Settle(settled.Edge, settled.Live);
        }
    }

    bool IsTaken(CompiledEdge edge)
    {
        if (edge.Case is { } name
            && !(Scope.OutputOf(edge.From).TryGetProperty("case", out var taken) && taken.Kind is DatumKind.String && taken.GetString() == name))
        {
            return false;
        }

        try
        {
            return edge.When is null || edge.When.Evaluate(root).IsTruthy;
        }
        catch (ExpressionException e)
        {
            FailCondition(edge, e);
            return false;
        }
    }

    void FailCondition(CompiledEdge edge, ExpressionException e)
    {
        if (states[edge.To] is NodeState.Pending or NodeState.Ready)
        {
            var from = graph.Nodes[edge.From].Id;
            Fail(edge.To, new SkillError("condition_failed", $"The condition of the edge from {from} failed: {e.Error.Message}", "expression", Retryable: false));
        }
    }

    void Settle(CompiledEdge edge, bool isLive)
    {
        var to = edge.To;
        unsettled[to]--;
        live[to] |= isLive;
        if (states[to] is not NodeState.Pending)
        {
            return;
        }

        if (isLive && graph.Nodes[to].Join is Join.Any)
        {
            MakeReady(to);
        }
        else if (unsettled[to] == 0)
        {
            if (live[to])
            {
                MakeReady(to);
            }
            else
            {
                Skip(to);
            }
        }
    }

    void MakeReady(int index)
    {
        states[index] = NodeState.Ready;
        ready.Enqueue(index);
    }

    void Skip(int index)
    {
        states[index] = NodeState.Skipped;
        Settled++;
        skipped.Enqueue(index);
        foreach (var edge in graph.Nodes[index].Outgoing)
        {
            settling.Enqueue((edge, false));
        }
    }
}
