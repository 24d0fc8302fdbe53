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
    readonly Queue<(int Index, SkillError? Refusal)> unrun = new();
    readonly Queue<(CompiledEdge Edge, bool Live, SkillError? Refusal)> settling = new();
    readonly Datum root;
    Dictionary<int, SkillError>? refusals;
    Dictionary<int, SkillError>? errors;

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

    /// <summary>Whether a node waits to be run. Never once the walk has failed.</summary>
    public bool HasReady => Failure is null && ready.Count > 0;

    /// <summary>What a failed node failed with; null for every other.</summary>
    public SkillError? ErrorOf(int index) => errors?.GetValueOrDefault(index);

    public bool TryTakeReady(out int index)
    {
        if (Failure is not null || !ready.TryDequeue(out index))
        {
            index = -1;
            return false;
        }

        states[index] = NodeState.Running;
        return true;
    }

    /// <summary>Nodes that were settled without being run, for the record.</summary>
    /// <param name="refusal">Null for a skipped node; else why the condition of an edge failed it.</param>
    public bool TryTakeUnrun(out int index, out SkillError? refusal)
    {
        var any = unrun.TryDequeue(out var taken);
        (index, refusal) = taken;
        return any;
    }

    public void Succeed(int index, Datum output)
    {
        states[index] = NodeState.Succeeded;
        Settled++;
        Scope.SetOutput(index, output);
        Leave(index, failed: false);
        SettleAll();
    }

    public void Fail(int index, SkillError error)
    {
        MarkFailed(index, error);
        SettleAll();
    }

    /// <summary>The run's output, once nothing is left to do.</summary>
    /// <exception cref="ExpressionException">The output mapping failed.</exception>
    public Datum Output(CancellationToken ct) => graph.Output.Evaluate(root, ct);

    void MarkFailed(int index, SkillError error)
    {
        states[index] = NodeState.Failed;
        Settled++;
        (errors ??= [])[index] = error;
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

    void Leave(int index, bool failed)
    {
        foreach (var edge in graph.Nodes[index].Outgoing)
        {
            SkillError? refusal = null;
            var isLive = edge.IsErrorEdge == failed && (failed || IsTaken(edge, out refusal));
            settling.Enqueue((edge, isLive, refusal));
        }
    }

    // A queue instead of recursion: a chain of 500 skipped nodes must not deepen the stack.
    void SettleAll()
    {
        while (settling.TryDequeue(out var settled))
        {
            Settle(settled.Edge, settled.Live, settled.Refusal);
        }
    }

    bool IsTaken(CompiledEdge edge, out SkillError? refusal)
    {
        refusal = null;
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
            var from = graph.Nodes[edge.From].Id;
            refusal = new SkillError("condition_failed", $"The condition of the edge from {from} failed: {e.Error.Message}", "expression", Retryable: false);
            return false;
        }
    }

    void Settle(CompiledEdge edge, bool isLive, SkillError? refusal)
    {
        var to = edge.To;
        unsettled[to]--;
        live[to] |= isLive;
        if (states[to] is not NodeState.Pending)
        {
            return;
        }

        if (refusal is not null)
        {
            (refusals ??= []).TryAdd(to, refusal);
        }

        var error = refusals?.GetValueOrDefault(to);
        if (error is not null && MayRefuse(to))
        {
            unrun.Enqueue((to, error));
            MarkFailed(to, error);
        }
        else if (isLive && graph.Nodes[to].Join is Join.Any)
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

    /// <summary>
    /// A node that waits for all its edges is also failed only then, or what follows it could read ancestors that have not ended yet.
    /// Where its failure ends the run, nothing follows: the run need not go on until then.
    /// </summary>
    bool MayRefuse(int index) =>
        unsettled[index] == 0 || graph.Nodes[index] is { Join: Join.Any } or { OnError.Kind: OnErrorKind.Fail };

    void MakeReady(int index)
    {
        states[index] = NodeState.Ready;
        ready.Enqueue(index);
    }

    void Skip(int index)
    {
        states[index] = NodeState.Skipped;
        Settled++;
        unrun.Enqueue((index, null));
        foreach (var edge in graph.Nodes[index].Outgoing)
        {
            settling.Enqueue((edge, false, null));
        }
    }
}
