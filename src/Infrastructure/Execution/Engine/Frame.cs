using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>One graph on its way through: the run's own, or one item (one round) of a nested body.</summary>
/// <param name="path">Where in nested bodies, for example <c>each[3]</c>; null for the run's own graph.</param>
/// <param name="owner">The node whose body this is; null for the run's own graph.</param>
sealed class Frame(CompiledGraph graph, GraphRunners runners, RunScope scope, string? path = null, int? item = null, Composite? owner = null)
{
    CancellationTokenSource? stop;

    public CompiledGraph Graph => graph;

    public GraphRunners Runners => runners;

    public GraphWalk Walk { get; } = new(graph, scope);

    public string? Path => path;

    public int? Item => item;

    public Composite? Owner => owner;

    /// <summary>What a model asked for, by the ids of the nodes that do it; null in every other frame.</summary>
    public IReadOnlyDictionary<string, ToolCall>? Calls { get; init; }

    /// <summary>Nodes that were begun and have not ended.</summary>
    public int Open { get; set; }

    /// <summary>Nothing of it counts any more, nor of what is nested in it.</summary>
    public bool IsGone => isDead || owner is { Frame.IsGone: true };

    bool isDead;

    public bool IsOver => Walk.Failure is not null || (Open == 0 && !Walk.HasReady);

    /// <summary>The step's key in its run: the node's id, after the path of the bodies around it.</summary>
    public string KeyOf(CompiledNode node) => path is null ? node.Id : $"{path}/{node.Id}";

    public Datum Root => Walk.Root;

    /// <summary>Cancelled when the run stops, or when this frame or one around it is given up.</summary>
    public CancellationToken TokenUnder(CancellationToken run)
    {
        if (owner is null)
        {
            return run;
        }

        stop ??= CancellationTokenSource.CreateLinkedTokenSource(owner.Frame.TokenUnder(run));
        return stop.Token;
    }

    /// <summary>Gives up what is under way in it.</summary>
    public void Close()
    {
        isDead = true;
        stop?.Cancel();
        stop?.Dispose();
        stop = null;
    }
}
