using System.Text.Json.Nodes;

namespace AgentPlatform.Integration.Execution.Model;

enum FlowFate
{
    Succeeded,
    /// <summary>Failed, and the graph goes on.</summary>
    Failed,
    Skipped,
    /// <summary>Failed, and the graph with it.</summary>
    Fatal,
    /// <summary>Waits for ever for one that is fatal.</summary>
    Unreached,
}

/// <summary>What became of a node.</summary>
/// <param name="Value">What others add when they read it; 0 unless it succeeded.</param>
/// <param name="Output">As JSON; null unless it succeeded.</param>
/// <param name="IsCaseA">Of a switch.</param>
sealed record FlowOutcome(FlowFate Fate, long Value = 0, JsonNode? Output = null, bool IsCaseA = false);

/// <summary>
/// The meaning of docs/graph-semantics.md once more, as plainly as it can be said: one pass through the nodes in order, a recursion into bodies, no queue and no
/// state. It knows random graphs only and shares nothing with the engine, which it judges.
/// </summary>
static class ReferenceInterpreter
{
    /// <param name="steps">Takes the fate of each node by its key (<c>each[3]/node</c>), of frames that did not fail.</param>
    /// <returns>Null when the graph fails.</returns>
    public static Dictionary<string, FlowOutcome>? Run(RandomFlow flow, Dictionary<string, FlowFate> steps) => Run(flow, item: 0, index: 0, path: "", steps);

    public static JsonObject Output(RandomFlow flow, Dictionary<string, FlowOutcome> outcomes)
    {
        var output = new JsonObject
        {
            ["errors"] = new JsonArray([.. outcomes.Where(o => o.Value.Fate is FlowFate.Failed).Select(o => o.Key).Order(StringComparer.Ordinal).Select(id => JsonValue.Create(id))]),
        };
        foreach (var node in flow.Nodes)
        {
            output[node.Id] = outcomes[node.Id].Output ?? (node.Kind is FlowKind.Foreach ? new JsonObject { ["results"] = null, ["errors"] = null } : null);
        }

        return output;
    }

    static Dictionary<string, FlowOutcome>? Run(RandomFlow flow, long item, int index, string path, Dictionary<string, FlowFate> steps)
    {
        var outcomes = new Dictionary<string, FlowOutcome>();
        // What a frame that fails in the end did is not told.
        var inside = new Dictionary<string, FlowFate>();
        foreach (var node in flow.Nodes)
        {
            outcomes[node.Id] = Judge(flow, node, outcomes) switch
            {
                null => Execute(node, outcomes, item, index, path, inside),
                { } fate => new FlowOutcome(fate),
            };
        }

        if (outcomes.Values.Any(o => o.Fate is FlowFate.Fatal))
        {
            return null;
        }

        foreach (var (id, outcome) in outcomes)
        {
            steps[path + id] = outcome.Fate;
        }

        foreach (var (key, fate) in inside)
        {
            steps[key] = fate;
        }

        return outcomes;
    }

    /// <summary>Null when the node runs.</summary>
    static FlowFate? Judge(RandomFlow flow, FlowNode node, Dictionary<string, FlowOutcome> outcomes)
    {
        var errorEdges = flow.Nodes.Where(other => other.OnError == node.Id).Select(other => outcomes[other.Id].Fate).ToList();
        var wires = flow.Wires.Where(wire => wire.To == node.Id).ToList();
        if (errorEdges.Count + wires.Count == 0)
        {
            return null;
        }

        var byId = flow.Nodes.ToDictionary(other => other.Id);
        bool IsJudged(FlowWire wire) =>
            outcomes[wire.From].Fate is FlowFate.Succeeded || (outcomes[wire.From].Fate is FlowFate.Failed && byId[wire.From].OnError == "continue");
        var isBroken = wires.Exists(wire => wire.Kind is WireKind.Broken && IsJudged(wire));
        var failed = node.OnError == "fail" ? FlowFate.Fatal : FlowFate.Failed;
        if (isBroken && failed is FlowFate.Fatal)
        {
            return FlowFate.Fatal;
        }

        var isLive = errorEdges.Contains(FlowFate.Failed) || wires.Exists(wire => IsJudged(wire) && Holds(wire, outcomes[wire.From]));
        if (node.JoinsAny && isLive)
        {
            return null;
        }

        var sources = errorEdges.Concat(wires.Select(wire => outcomes[wire.From].Fate));
        return sources.Any(fate => fate is FlowFate.Fatal or FlowFate.Unreached) ? FlowFate.Unreached
            : isBroken ? failed
            : isLive ? null
            : FlowFate.Skipped;
    }

    static bool Holds(FlowWire wire, FlowOutcome from) => wire.Kind switch
    {
        WireKind.Plain => true,
        WireKind.Over => from.Value > wire.Bound,
        WireKind.IsNull => from.Output is null,
        WireKind.CaseA => from.IsCaseA,
        _ => false,
    };

    static FlowOutcome Execute(FlowNode node, Dictionary<string, FlowOutcome> outcomes, long item, int index, string path, Dictionary<string, FlowFate> steps)
    {
        var sum = node.Constant + node.Reads.Sum(id => outcomes[id].Value) + (node.ReadsItem ? item + index : 0);
        var failed = new FlowOutcome(node.OnError == "fail" ? FlowFate.Fatal : FlowFate.Failed);
        return node.Kind switch
        {
            FlowKind.Sum => new FlowOutcome(FlowFate.Succeeded, sum, new JsonObject { ["v"] = sum }),
            FlowKind.Switch when sum > node.Bound => new FlowOutcome(FlowFate.Succeeded, 0, new JsonObject { ["case"] = "a", ["index"] = 0 }, IsCaseA: true),
            FlowKind.Switch => new FlowOutcome(FlowFate.Succeeded, -1, new JsonObject { ["case"] = "b", ["index"] = -1 }),
            FlowKind.Foreach => Foreach(node, path, steps) ?? failed,
            FlowKind.Loop => Loop(node, sum, path, steps) ?? failed,
            _ => failed,
        };
    }

    static FlowOutcome? Foreach(FlowNode node, string path, Dictionary<string, FlowFate> steps)
    {
        var results = new JsonArray();
        var errors = new JsonArray();
        long total = 0;
        for (var i = 0; i < node.Items.Length; i++)
        {
            if (Run(node.Body!, node.Items[i], i, $"{path}{node.Id}[{i}]/", steps) is { } outcomes)
            {
                var value = outcomes.Values.Sum(o => o.Value);
                total += value;
                results.Add(value);
            }
            else if (node.Collects)
            {
                results.Add(null);
                errors.Add(i);
            }
            else
            {
                return null;
            }
        }

        return new FlowOutcome(FlowFate.Succeeded, total, new JsonObject { ["results"] = results, ["errors"] = errors });
    }

    static FlowOutcome? Loop(FlowNode node, long initial, string path, Dictionary<string, FlowFate> steps)
    {
        var (last, isDone, rounds) = (initial, false, 0);
        while (!isDone && rounds < node.Rounds)
        {
            if (Run(node.Body!, last, rounds, $"{path}{node.Id}[{rounds}]/", steps) is not { } outcomes)
            {
                return null;
            }

            last = outcomes.Values.Sum(o => o.Value);
            isDone = last > node.Bound;
            rounds++;
        }

        return new FlowOutcome(FlowFate.Succeeded, last, new JsonObject { ["output"] = last, ["iterations"] = rounds, ["done"] = isDone });
    }
}
