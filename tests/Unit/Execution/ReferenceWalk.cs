namespace AgentPlatform.Unit.Execution;

enum Ending
{
    Succeeds,
    Fails,
}

enum Condition
{
    None,
    /// <summary><c>from.v == 1</c></summary>
    IsOne,
    /// <summary><c>from.v != 1</c>: also true where the output is null.</summary>
    IsNotOne,
    /// <summary>A condition that fails on any data.</summary>
    Broken,
    /// <summary>The edge of a case.</summary>
    CaseA,
}

/// <param name="V">The node's output is <c>{ v: V, t: "text", case: "a" or "b" }</c>.</param>
/// <param name="OnError">fail, continue, or the id of the node to go to.</param>
sealed record RandomNode(string Id, bool IsSwitch, bool JoinsAny, string OnError, Ending Ending, int V, string Case);

sealed record RandomEdge(string From, string To, Condition When);

/// <summary>Nodes in topological order.</summary>
sealed record RandomGraph(IReadOnlyList<RandomNode> Nodes, IReadOnlyList<RandomEdge> Edges)
{
    public object Document => new
    {
        nodes = Nodes.Select(node => new Dictionary<string, object>
        {
            ["id"] = node.Id,
            ["skill"] = node.IsSwitch ? "switch" : "transform",
            ["with"] = node.IsSwitch ? new { cases = new[] { new { name = "a", when = "input.x" }, new { name = "b", when = "input.y" } } } : new { },
            ["join"] = node.JoinsAny ? "any" : "all",
            ["on_error"] = node.OnError is "fail" or "continue" ? node.OnError : new { @goto = node.OnError },
        }),
        edges = Edges.Select(edge => Edge(edge)),
        output = Nodes.ToDictionary(node => node.Id, node => $"={node.Id}"),
    };

    static Dictionary<string, string> Edge(RandomEdge edge)
    {
        var members = new Dictionary<string, string> { ["from"] = edge.From, ["to"] = edge.To };
        if (edge.When is Condition.CaseA)
        {
            members["case"] = "a";
        }
        else if (edge.When is not Condition.None)
        {
            members["when"] = edge.When switch
            {
                Condition.IsOne => $"{edge.From}.v == `1`",
                Condition.IsNotOne => $"{edge.From}.v != `1`",
                _ => $"abs({edge.From}.t)",
            };
        }

        return members;
    }

    public static RandomGraph Of(Random random)
    {
        var count = random.Next(1, 12);
        var nodes = new List<RandomNode>();
        for (var i = 0; i < count; i++)
        {
            var target = random.Next(i, count);
            var onError = random.Next(8) switch { 0 => "fail", < 5 => "continue", _ => target > i ? $"n{target}" : "continue" };
            nodes.Add(new RandomNode(
                $"n{i}", random.Next(4) == 0, random.Next(3) == 0, onError, random.Next(4) == 0 ? Ending.Fails : Ending.Succeeds, random.Next(3), random.Next(2) == 0 ? "a" : "b"));
        }

        var edges = new List<RandomEdge>();
        for (var from = 0; from < count; from++)
        {
            for (var to = from + 1; to < count; to++)
            {
                if (random.Next(3) == 0)
                {
                    edges.Add(new RandomEdge($"n{from}", $"n{to}", When(random, nodes[from], nodes[to])));
                }
            }
        }

        return new RandomGraph(nodes, edges);
    }

    static Condition When(Random random, RandomNode from, RandomNode to) => random.Next(10) switch
    {
        < 3 => Condition.None,
        < 5 => Condition.IsOne,
        < 8 => Condition.IsNotOne,
        // What a condition that fails does to a join of any depends on what came first; it has tests of its own.
        8 when !to.JoinsAny => Condition.Broken,
        9 when from.IsSwitch => Condition.CaseA,
        _ => Condition.None,
    };
}

enum Fate
{
    Succeeded,
    Failed,
    Skipped,
    /// <summary>Failed with <c>on_error: fail</c>.</summary>
    Fatal,
    /// <summary>Waits for ever for one that is fatal.</summary>
    Unreached,
}

/// <summary>The rules of docs/graph-semantics.md, "Running", once through the nodes in topological order; no queues, no counters.</summary>
static class ReferenceWalk
{
    public static Dictionary<string, Fate> Fates(RandomGraph graph)
    {
        var fates = new Dictionary<string, Fate>();
        var byId = graph.Nodes.ToDictionary(node => node.Id);
        foreach (var node in graph.Nodes)
        {
            var incoming = graph.Edges.Where(edge => edge.To == node.Id).Select(edge => (IsSettled: IsSettled(fates[edge.From]), IsLive: IsLive(edge), IsBroken: IsBroken(edge)))
                .Concat(graph.Nodes.Where(other => other.OnError == node.Id).Select(other => (IsSettled(fates[other.Id]), IsLive: fates[other.Id] == Fate.Failed, IsBroken: false)))
                .ToList();
            fates[node.Id] = Judge(node, incoming);
        }

        return fates;

        bool IsJudged(RandomEdge edge) =>
            fates[edge.From] == Fate.Succeeded || (fates[edge.From] == Fate.Failed && byId[edge.From].OnError == "continue");

        bool IsBroken(RandomEdge edge) => IsJudged(edge) && edge.When is Condition.Broken;

        bool IsLive(RandomEdge edge)
        {
            var isOne = fates[edge.From] == Fate.Succeeded && byId[edge.From].V == 1;
            var isA = fates[edge.From] == Fate.Succeeded && byId[edge.From].Case == "a";
            return IsJudged(edge) && edge.When switch
            {
                Condition.None => true,
                Condition.IsOne => isOne,
                Condition.IsNotOne => !isOne,
                Condition.CaseA => isA,
                _ => false,
            };
        }
    }

    static bool IsSettled(Fate fate) => fate is Fate.Succeeded or Fate.Failed or Fate.Skipped;

    static Fate Judge(RandomNode node, List<(bool IsSettled, bool IsLive, bool IsBroken)> incoming)
    {
        var failed = node.OnError == "fail" ? Fate.Fatal : Fate.Failed;
        var ran = node.Ending is Ending.Succeeds ? Fate.Succeeded : failed;
        if (incoming.Count == 0)
        {
            return ran;
        }

        var isBroken = incoming.Exists(edge => edge.IsBroken);
        if (isBroken && failed == Fate.Fatal)
        {
            return Fate.Fatal;
        }

        if (node.JoinsAny && incoming.Exists(edge => edge.IsLive))
        {
            return ran;
        }

        if (!incoming.TrueForAll(edge => edge.IsSettled))
        {
            return Fate.Unreached;
        }

        if (isBroken)
        {
            return failed;
        }

        return incoming.Exists(edge => edge.IsLive) ? ran : Fate.Skipped;
    }
}
