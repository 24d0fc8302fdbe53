using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Unit.Agents.Graphs;

namespace AgentPlatform.Unit.Execution;

/// <summary>Joins of any, conditions that fail, and graphs at the limit: what the model leaves out.</summary>
[TestFixture]
public sealed class GraphWalkTests
{
    const string Broken = "abs(a.t)";

    [Test]
    public void Starts_a_join_of_any_on_the_first_live_edge_and_only_once()
    {
        var (graph, walk) = Two("any", first: null, second: null);

        walk.Succeed(graph.IndexOf("a"), Text);

        Assert.That(Ready(graph, walk), Is.EqualTo(["c"]));
        walk.Succeed(graph.IndexOf("b"), Text);
        Assert.That(Ready(graph, walk), Is.Empty);
    }

    [Test]
    public void Lets_a_condition_that_fails_later_change_nothing_of_a_join_of_any_that_is_in_line()
    {
        var (graph, walk) = Two("any", first: null, second: "abs(b.t)");

        walk.Succeed(graph.IndexOf("a"), Text);
        walk.Succeed(graph.IndexOf("b"), Text);

        Assert.That((walk.Failure, walk.StateOf(graph.IndexOf("c"))), Is.EqualTo(((RunFailure?)null, NodeState.Ready)));
    }

    [Test]
    public void Fails_a_join_of_any_whose_first_condition_fails()
    {
        var (graph, walk) = Two("any", first: Broken, second: null);

        walk.Succeed(graph.IndexOf("a"), Text);

        Assert.That((walk.Failure?.Error.Code, walk.Failure?.NodeId), Is.EqualTo(("condition_failed", "c")));
    }

    [Test]
    public void Ends_the_run_at_once_where_a_condition_fails_a_node_that_nobody_catches()
    {
        var (graph, walk) = Two("all", first: Broken, second: null);

        walk.Succeed(graph.IndexOf("a"), Text);

        Assert.That(walk.Failure?.NodeId, Is.EqualTo("c"));
    }

    [Test]
    public void Waits_with_a_caught_failure_of_a_condition_until_all_edges_are_settled()
    {
        var (graph, walk) = Two("all", first: Broken, second: null, onError: "continue");

        walk.Succeed(graph.IndexOf("a"), Text);
        Assert.That(walk.StateOf(graph.IndexOf("c")), Is.EqualTo(NodeState.Pending));
        walk.Succeed(graph.IndexOf("b"), Text);

        Assert.That(walk.StateOf(graph.IndexOf("c")), Is.EqualTo(NodeState.Failed));
        Assert.That(walk.TryTakeUnrun(out var index, out var refusal), Is.True);
        Assert.That((graph.Nodes[index].Id, refusal?.Code), Is.EqualTo(("c", "condition_failed")));
    }

    [Test]
    public void Makes_nothing_ready_after_a_failure()
    {
        var graph = Graph.Of(["a", "b", "c"], ["b>c"]).Valid;
        var walk = Begin(graph);

        walk.Fail(graph.IndexOf("a"), new SkillError("broke", "It broke.", "fail", Retryable: false));
        walk.Succeed(graph.IndexOf("b"), Text);

        Assert.That(Ready(graph, walk), Is.Empty);
    }

    [Test]
    public void Skips_a_chain_of_five_hundred_nodes_without_deepening_the_stack()
    {
        var ids = Enumerable.Range(0, 500).Select(i => $"n{i}").ToList();
        var edges = ids.Zip(ids.Skip(1), (from, to) => $$"""{ "from": "{{from}}", "to": "{{to}}"{{(from == "n0" ? """, "when": "n0.missing" """ : "")}} }""");
        var graph = Graph.Of($$"""{ "nodes": [{{string.Join(',', ids.Select(id => $$"""{ "id": "{{id}}", "skill": "transform" }"""))}}], "edges": [{{string.Join(',', edges)}}] }""").Valid;
        var walk = Begin(graph);

        walk.Succeed(graph.IndexOf("n0"), Text);

        Assert.That((walk.Settled, walk.StateOf(graph.IndexOf("n499"))), Is.EqualTo((500, NodeState.Skipped)));
    }

    static Datum Text => Datum.FromObject(new Dictionary<string, Datum> { ["t"] = Datum.From("text") });

    /// <summary>a and b lead to c; both have begun.</summary>
    static (CompiledGraph Graph, GraphWalk Walk) Two(string join, string? first, string? second, string onError = "fail")
    {
        var graph = Graph.Of($$"""
            {
              "nodes": [{ "id": "a", "skill": "transform" }, { "id": "b", "skill": "transform" }, { "id": "c", "skill": "transform", "join": "{{join}}", "on_error": "{{onError}}" }],
              "edges": [{ "from": "a", "to": "c"{{When(first)}} }, { "from": "b", "to": "c"{{When(second)}} }]
            }
            """).Valid;
        return (graph, Begin(graph));
    }

    static string When(string? condition) => condition is null ? "" : $", \"when\": \"{condition}\"";

    static GraphWalk Begin(CompiledGraph graph)
    {
        var walk = new GraphWalk(graph, new RunScope(graph, Datum.Null, Datum.Null, Datum.Null));
        Ready(graph, walk);
        return walk;
    }

    static List<string> Ready(CompiledGraph graph, GraphWalk walk)
    {
        var taken = new List<string>();
        while (walk.TryTakeReady(out var index))
        {
            taken.Add(graph.Nodes[index].Id);
        }

        return taken;
    }
}
