using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Domain.Agents.Graphs;
using FsCheck;
using FsCheck.Fluent;

namespace AgentPlatform.Unit.Agents.Graphs;

[TestFixture]
public sealed class GraphPropertyTests
{
    // Node i of the drawing gets the name names[i], so that the order in the document says nothing about the order of running.
    sealed record Drawing(int Count, (int From, int To)[] Edges, int Shuffle)
    {
        public string[] Names { get; } = Shuffled(Count, Shuffle);

        public IEnumerable<string> Arrows => Edges.Select(e => $"{Names[e.From]}>{Names[e.To]}");

        public override string ToString() => $"{Count} nodes, {string.Join(", ", Arrows)}";

        static string[] Shuffled(int count, int seed)
        {
            string[] names = [.. Enumerable.Range(0, count).Select(i => $"n{i}")];
            new Random(seed).Shuffle(names);
            return names;
        }
    }

    static readonly Gen<Drawing> Dags =
        from count in Gen.Choose(2, 40)
        from edges in Gen.ListOf(from a in Gen.Choose(0, count - 1) from b in Gen.Choose(0, count - 1) where a != b select (Math.Min(a, b), Math.Max(a, b)))
        from shuffle in Gen.Choose(0, int.MaxValue)
        select new Drawing(count, [.. edges.Distinct()], shuffle);

    [Test]
    public void Every_edge_leads_forward_in_the_order_of_nodes() => Prop.ForAll(Dags.ToArbitrary(), drawing =>
    {
        var graph = Graph.Of(drawing.Names.Order(StringComparer.Ordinal), drawing.Arrows).Valid;
        return graph.Nodes.Select(n => n.Id).Order().SequenceEqual(drawing.Names.Order())
            && graph.Nodes.Select((n, i) => n.Index == i && graph.IndexOf(n.Id) == i).All(right => right)
            && graph.Edges.Count == drawing.Edges.Length
            && drawing.Edges.All(e => graph.IndexOf(drawing.Names[e.From]) < graph.IndexOf(drawing.Names[e.To]))
            && graph.Edges.All(e => graph.Nodes[e.From].Outgoing.Contains(e) && graph.Nodes[e.To].Incoming.Contains(e));
    }).QuickCheckThrowOnFailure();

    [Test]
    public void A_node_may_read_exactly_those_from_which_a_path_leads_to_it() => Prop.ForAll(Dags.ToArbitrary(), drawing =>
    {
        var reaches = Closure(drawing.Count, drawing.Edges);
        var order = new GraphOrder(drawing.Count, drawing.Edges);
        return (from a in Enumerable.Range(0, drawing.Count) from b in Enumerable.Range(0, drawing.Count) select order.IsAncestor(a, b) == reaches[a, b]).All(same => same);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void An_edge_backwards_is_refused_with_a_cycle_that_really_is_one() => Prop.ForAll(
        (from drawing in Dags
         where drawing.Edges.Length > 0
         from start in Gen.Choose(0, drawing.Edges.Length - 1)
         from steps in Gen.Choose(0, 10)
         select (Drawing: drawing, Back: WalkBack(drawing, start, steps))).ToArbitrary(),
        sample =>
        {
            var (drawing, back) = sample;
            var arrows = drawing.Arrows.Append($"{drawing.Names[back.From]}>{drawing.Names[back.To]}").ToList();
            var graph = Graph.Of(drawing.Names, arrows);
            var cycles = graph.Problems.Where(p => p.Code == GraphProblemCodes.Cycle).ToList();
            var named = cycles[0].Message.Split(": ")[1].Split(". ")[0].Split(" → ");
            return graph.Compiled is null
                && cycles.Count == 1
                && named[0] == named[^1]
                && named.Zip(named.Skip(1)).All(step => arrows.Contains($"{step.First}>{step.Second}"));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Components_are_the_classes_of_nodes_that_reach_each_other() => Prop.ForAll(
        (from count in Gen.Choose(1, 25)
         from edges in Gen.ListOf(from a in Gen.Choose(0, count - 1) from b in Gen.Choose(0, count - 1) select (From: a, To: b))
         select (Count: count, Edges: edges.ToArray())).ToArbitrary(),
        drawing =>
        {
            var reaches = Closure(drawing.Count, drawing.Edges);
            var order = new GraphOrder(drawing.Count, drawing.Edges);
            var classOf = new int[drawing.Count];
            for (var c = 0; c < order.Components.Count; c++)
            {
                foreach (var node in order.Components[c])
                    classOf[node] = c;
            }

            var pairs = (from a in Enumerable.Range(0, drawing.Count) from b in Enumerable.Range(0, drawing.Count) where a != b select (A: a, B: b)).ToList();
            return order.Components.Sum(c => c.Count) == drawing.Count
                && pairs.All(p => (classOf[p.A] == classOf[p.B]) == (reaches[p.A, p.B] && reaches[p.B, p.A]))
                && pairs.All(p => order.IsAncestor(p.A, p.B) == reaches[p.A, p.B]);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void No_change_of_a_valid_document_makes_it_throw() => Prop.ForAll(
        (from seed in Gen.Choose(0, int.MaxValue) from changes in Gen.Choose(1, 4) select (Seed: seed, Changes: changes)).ToArbitrary(),
        sample =>
        {
            var random = new Random(sample.Seed);
            var root = JsonNode.Parse(GraphExamples.Large)!;
            for (var i = 0; i < sample.Changes; i++)
                Mutate(root, random);
            using var document = JsonDocument.Parse(root.ToJsonString());
            var graph = Graph.Of(document.RootElement);
            return graph.Compiled is not null || graph.Errors.Any();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    static void Mutate(JsonNode root, Random random)
    {
        var places = Places(root).ToList();
        var place = places[random.Next(places.Count)];
        JsonNode? Value() => random.Next(12) switch
        {
            0 => null,
            1 => true,
            2 => -1,
            3 => 1e200,
            4 => "",
            5 => "=" + new string('(', random.Next(80)),
            6 => "={{",
            7 => "fetch",
            8 => "a\0 ’ 😀",
            9 => new JsonArray(1, "x", new JsonArray()),
            10 => new JsonObject { ["id"] = "fetch", ["~/"] = 1 },
            _ => places[random.Next(places.Count)].DeepClone(),
        };
        switch (place)
        {
            case JsonObject members when members.Count > 0 && random.Next(4) > 0:
                var name = members.ElementAt(random.Next(members.Count)).Key;
                if (random.Next(3) == 0)
                    members.Remove(name);
                else
                    members[name] = Value();
                break;
            case JsonObject members:
                members[random.Next(2) == 0 ? "new" : "id"] = Value();
                break;
            case JsonArray items when items.Count > 0 && random.Next(3) > 0:
                items[random.Next(items.Count)] = Value();
                break;
            case JsonArray items:
                items.Add(Value());
                break;
        }
    }

    static IEnumerable<JsonNode> Places(JsonNode node) => node switch
    {
        JsonObject members => members.Where(m => m.Value is not null).SelectMany(m => Places(m.Value!)).Prepend(node),
        JsonArray items => items.Where(i => i is not null).SelectMany(i => Places(i!)).Prepend(node),
        _ => [],
    };

    // From an edge's end some steps onwards, and back to its start: a cycle, whatever the steps.
    static (int From, int To) WalkBack(Drawing drawing, int start, int steps)
    {
        var (to, at) = drawing.Edges[start];
        for (var i = 0; i < steps; i++)
            at = drawing.Edges.Where(e => e.From == at).Select(e => e.To).DefaultIfEmpty(at).First();
        return (at, to);
    }

    static bool[,] Closure(int count, (int From, int To)[] edges)
    {
        var reaches = new bool[count, count];
        foreach (var (from, to) in edges)
            reaches[from, to] = true;
        for (var k = 0; k < count; k++)
        {
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < count; j++)
                    reaches[i, j] |= reaches[i, k] && reaches[k, j];
            }
        }

        return reaches;
    }
}
