using System.Text.Json;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Unit.Agents.Graphs;

namespace AgentPlatform.Unit.Execution;

/// <summary>Random graphs, walked in random orders, against the plain reading of the rules.</summary>
[TestFixture]
public sealed class GraphWalkModelTests
{
    static readonly SkillError Broke = new("broke", "It broke.", "fail", Retryable: false);

    [Test]
    public void Agrees_with_the_reference_in_every_order([Range(0, 39)] int block)
    {
        for (var seed = block * 50; seed < (block + 1) * 50; seed++)
        {
            var graph = RandomGraph.Of(new Random(seed));
            var compiled = Graph.Of(JsonSerializer.SerializeToElement(graph.Document)).Valid;
            var fates = ReferenceWalk.Fates(graph);
            for (var order = 0; order < 4; order++)
            {
                var (walk, refused) = Walk(graph, compiled, new Random(order));
                Check($"seed {seed}, order {order}", graph, compiled, fates, walk, refused);
            }
        }
    }

    [Test]
    public void Tries_every_fate()
    {
        var seen = Enumerable.Range(0, 2000).SelectMany(seed => ReferenceWalk.Fates(RandomGraph.Of(new Random(seed))).Values).Distinct();

        Assert.That(seen, Is.EquivalentTo(Enum.GetValues<Fate>()));
    }

    static void Check(string which, RandomGraph graph, CompiledGraph compiled, Dictionary<string, Fate> fates, GraphWalk walk, Dictionary<string, string?> unrun)
    {
        if (fates.ContainsValue(Fate.Fatal))
        {
            Assert.That(walk.Failure?.NodeId, Is.Not.Null, which);
            Assert.That(fates[walk.Failure!.NodeId!], Is.EqualTo(Fate.Fatal), which);
            return;
        }

        var errors = walk.Scope.TryGet("errors", out var caught) ? caught.EnumerateMembers().Select(member => member.Key).ToHashSet() : [];
        Assert.Multiple(() =>
        {
            Assert.That(walk.Failure, Is.Null, which);
            Assert.That(walk.Settled, Is.EqualTo(graph.Nodes.Count), which);
            Assert.That(graph.Nodes.ToDictionary(node => node.Id, node => walk.StateOf(compiled.IndexOf(node.Id)).ToString()),
                Is.EqualTo(fates.ToDictionary(fate => fate.Key, fate => fate.Value.ToString())), which);
            Assert.That(errors, Is.EquivalentTo(fates.Where(fate => fate.Value is Fate.Failed).Select(fate => fate.Key)), which);
            Assert.That(unrun.Where(node => node.Value is null).Select(node => node.Key), Is.EquivalentTo(fates.Where(fate => fate.Value is Fate.Skipped).Select(fate => fate.Key)), which);
            Assert.That(unrun.Values.OfType<string>(), Is.All.EqualTo("condition_failed"), which);
            Assert.That(walk.Output(CancellationToken.None), Is.EqualTo(Expected(graph, fates)), which);
        });
    }

    static Datum Expected(RandomGraph graph, Dictionary<string, Fate> fates) => Datum.FromObject(
        graph.Nodes.ToDictionary(node => node.Id, node => fates[node.Id] is Fate.Succeeded ? OutputOf(node) : Datum.Null));

    static Datum OutputOf(RandomNode node) => Datum.FromObject(
        new Dictionary<string, Datum> { ["v"] = Datum.From(node.V), ["t"] = Datum.From("text"), ["case"] = Datum.From(node.Case) });

    /// <summary>Takes what is ready and settles what runs, whichever comes.</summary>
    static (GraphWalk Walk, Dictionary<string, string?> Unrun) Walk(RandomGraph graph, CompiledGraph compiled, Random random)
    {
        var byId = graph.Nodes.ToDictionary(node => node.Id);
        var walk = new GraphWalk(compiled, new RunScope(compiled, Datum.Null, Datum.Null, Datum.Null));
        var running = new List<int>();
        var unrun = new Dictionary<string, string?>();
        while (true)
        {
            if ((running.Count == 0 || random.Next(2) == 0) && walk.TryTakeReady(out var index))
            {
                running.Add(index);
            }
            else if (running.Count > 0 && walk.Failure is null)
            {
                var settled = running[random.Next(running.Count)];
                running.Remove(settled);
                var node = byId[compiled.Nodes[settled].Id];
                if (node.Ending is Ending.Succeeds)
                {
                    walk.Succeed(settled, OutputOf(node));
                }
                else
                {
                    walk.Fail(settled, Broke);
                }

                while (walk.TryTakeUnrun(out var taken, out var refusal))
                {
                    unrun.Add(compiled.Nodes[taken].Id, refusal?.Code);
                }
            }
            else
            {
                return (walk, unrun);
            }
        }
    }
}
