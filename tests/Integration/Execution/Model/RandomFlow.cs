using System.Text.Json.Nodes;

namespace AgentPlatform.Integration.Execution.Model;

enum FlowKind
{
    /// <summary>Gives <c>{ v }</c>, the sum of its terms.</summary>
    Sum,
    /// <summary>Case <c>a</c> when the sum of its terms is over its bound, else <c>b</c>.</summary>
    Switch,
    /// <summary>Fails by the skill <c>fail</c>.</summary>
    Fail,
    /// <summary>Fails because an expression does.</summary>
    Broken,
    Foreach,
    Loop,
}

enum WireKind
{
    Plain,
    /// <summary>The value of the node that it leaves is over a bound.</summary>
    Over,
    IsNull,
    CaseA,
    /// <summary>A condition that fails on any data.</summary>
    Broken,
}

/// <summary>A node of a random graph, and all that the graph says of it.</summary>
/// <param name="OnError">fail, continue, or the id of the node to go to.</param>
/// <param name="Reads">Nodes with an edge to this one whose values it adds.</param>
/// <param name="Bound">Of a switch; of a loop the value that ends it, where it has one.</param>
/// <param name="Items">Of a foreach.</param>
/// <param name="Rounds">Of a loop: at most.</param>
sealed record FlowNode(
    string Id, FlowKind Kind, bool JoinsAny, string OnError, int Constant, IReadOnlyList<string> Reads, bool ReadsItem, int? Bound, RandomFlow? Body, int[] Items, bool Collects, int Rounds);

sealed record FlowWire(string From, string To, WireKind Kind, int Bound);

/// <summary>
/// A random graph: its nodes in topological order. A node reads only nodes with an edge to it, and only when it waits for all of them:
/// what is read from further away may or may not be there when a branch was faster, and then there is no one right answer.
/// </summary>
sealed record RandomFlow(IReadOnlyList<FlowNode> Nodes, IReadOnlyList<FlowWire> Wires)
{
    public static RandomFlow Of(int seed)
    {
        var ids = 0;
        return Of(new Random(seed), depth: 0, ref ids);
    }

    /// <summary>As a fault is told.</summary>
    public override string ToString() => Document().ToJsonString();

    /// <summary>The graph as an agent has it; its output shows everything.</summary>
    public JsonObject Document()
    {
        var document = Graph(inBody: false);
        var output = new JsonObject { ["errors"] = "=sort(keys(errors))" };
        foreach (var node in Nodes)
        {
            output[node.Id] = node.Kind is FlowKind.Foreach
                ? new JsonObject { ["results"] = $"={node.Id}.results", ["errors"] = $"={node.Id}.errors[].index" }
                : JsonValue.Create($"={node.Id}");
        }

        document["output"] = output;
        return document;
    }

    static RandomFlow Of(Random random, int depth, ref int ids)
    {
        var count = random.Next(1, depth == 0 ? 9 : 5);
        var first = ids;
        ids += count;
        var wires = new List<FlowWire>();
        var nodes = new List<FlowNode>();
        for (var i = 0; i < count; i++)
        {
            var id = $"n{first + i}";
            var joinsAny = random.Next(4) == 0;
            foreach (var from in nodes.Where(_ => random.Next(3) == 0).ToList())
            {
                wires.Add(new FlowWire(from.Id, id, Wire(random, from, joinsAny), random.Next(6)));
            }

            var reads = joinsAny ? [] : wires.Where(wire => wire.To == id && random.Next(3) > 0).Select(wire => wire.From).ToList();
            var kind = Kind(random, depth);
            var target = random.Next(i, count);
            var onError = random.Next(10) switch { < 3 => "fail", < 7 => "continue", _ => target > i ? $"n{first + target}" : "continue" };
            nodes.Add(new FlowNode(
                id, kind, joinsAny, onError, random.Next(4), reads, depth > 0 && random.Next(2) == 0,
                kind is FlowKind.Switch || random.Next(2) == 0 ? random.Next(8) : null,
                kind is FlowKind.Foreach or FlowKind.Loop ? Of(random, depth + 1, ref ids) : null,
                [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(5))], random.Next(3) > 0, random.Next(1, 4)));
        }

        return new RandomFlow(nodes, wires);
    }

    static FlowKind Kind(Random random, int depth) => random.Next(12) switch
    {
        < 5 => FlowKind.Sum,
        5 or 6 => FlowKind.Switch,
        7 => FlowKind.Fail,
        8 => FlowKind.Broken,
        9 or 10 when depth < 2 => FlowKind.Foreach,
        11 when depth < 2 => FlowKind.Loop,
        _ => FlowKind.Sum,
    };

    static WireKind Wire(Random random, FlowNode from, bool joinsAny) => random.Next(10) switch
    {
        < 4 => WireKind.Plain,
        < 7 => WireKind.Over,
        7 => WireKind.IsNull,
        // What a failed condition does to a node that joins any depends on what came first.
        8 when !joinsAny => WireKind.Broken,
        9 when from.Kind is FlowKind.Switch => WireKind.CaseA,
        _ => WireKind.Plain,
    };

    JsonObject Graph(bool inBody)
    {
        var byId = Nodes.ToDictionary(node => node.Id);
        var graph = new JsonObject
        {
            ["nodes"] = new JsonArray([.. Nodes.Select(node => Node(node, byId, inBody))]),
            ["edges"] = new JsonArray([.. Wires.Select(wire => Edge(wire, byId[wire.From]))]),
        };
        if (inBody)
        {
            graph["output"] = $"=sum([{string.Join(", ", Nodes.Select(Term))}])";
        }

        return graph;
    }

    static JsonObject Node(FlowNode node, Dictionary<string, FlowNode> byId, bool inBody)
    {
        var sum = $"sum([{string.Join(", ", node.Reads.Select(id => Term(byId[id])).Append($"`{node.Constant}`").Concat(node.ReadsItem && inBody ? ["item", "index"] : Array.Empty<string>()))}])";
        return new JsonObject
        {
            ["id"] = node.Id,
            ["skill"] = node.Kind switch
            {
                FlowKind.Switch => "switch",
                FlowKind.Fail => "fail",
                FlowKind.Foreach => "foreach",
                FlowKind.Loop => "loop",
                _ => "transform",
            },
            ["join"] = node.JoinsAny ? "any" : "all",
            ["on_error"] = node.OnError is "fail" or "continue" ? node.OnError : new JsonObject { ["goto"] = node.OnError },
            ["with"] = node.Kind switch
            {
                FlowKind.Sum => new JsonObject { ["v"] = $"={sum}" },
                FlowKind.Switch => new JsonObject { ["cases"] = new JsonArray(new JsonObject { ["name"] = "a", ["when"] = $"{sum} > `{node.Bound}`" }), ["default"] = "b" },
                FlowKind.Fail => new JsonObject { ["message"] = "As drawn." },
                FlowKind.Broken => new JsonObject { ["v"] = "=abs(input)" },
                FlowKind.Foreach => new JsonObject
                {
                    ["items"] = new JsonArray([.. node.Items.Select(item => JsonValue.Create(item))]),
                    ["concurrency"] = 1 + (node.Constant % 3),
                    ["on_item_error"] = node.Collects ? "collect" : "fail",
                    ["body"] = node.Body!.Graph(inBody: true),
                },
                _ => Loop(node, sum),
            },
        };
    }

    static JsonObject Loop(FlowNode node, string sum)
    {
        var with = new JsonObject { ["initial"] = $"={sum}", ["max_iterations"] = node.Rounds, ["body"] = node.Body!.Graph(inBody: true) };
        if (node.Bound is { } bound)
        {
            with["until"] = $"output > `{bound}`";
        }

        return with;
    }

    static JsonObject Edge(FlowWire wire, FlowNode from)
    {
        var edge = new JsonObject { ["from"] = wire.From, ["to"] = wire.To };
        switch (wire.Kind)
        {
            case WireKind.Over:
                edge["when"] = $"{Term(from)} > `{wire.Bound}`";
                break;
            case WireKind.IsNull:
                edge["when"] = $"{wire.From} == null";
                break;
            case WireKind.CaseA:
                edge["case"] = "a";
                break;
            case WireKind.Broken:
                edge["when"] = $"abs({wire.From})";
                break;
        }

        return edge;
    }

    /// <summary>The expression of a node's value: a number whatever became of the node.</summary>
    static string Term(FlowNode node) => node.Kind switch
    {
        FlowKind.Switch => $"({node.Id}.index || `0`)",
        FlowKind.Foreach => $"sum(not_null({node.Id}.results, `[]`)[?@])",
        FlowKind.Loop => $"({node.Id}.output || `0`)",
        _ => $"({node.Id}.v || `0`)",
    };
}
