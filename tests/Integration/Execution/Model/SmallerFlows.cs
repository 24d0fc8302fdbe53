namespace AgentPlatform.Integration.Execution.Model;

/// <summary>
/// What a random graph becomes when one thing is taken out of it; each is a graph that the platform accepts. A fault that a large graph shows is
/// looked for in these, and in what these become, so that it is told with the smallest graph that still shows it.
/// </summary>
static class SmallerFlows
{
    public static IEnumerable<RandomFlow> Of(RandomFlow flow)
    {
        if (flow.Nodes.Count > 1)
        {
            foreach (var node in flow.Nodes)
            {
                yield return Without(flow, node.Id);
            }
        }

        foreach (var wire in flow.Wires)
        {
            yield return new RandomFlow(
                [.. flow.Nodes.Select(node => node.Id == wire.To ? node with { Reads = [.. node.Reads.Where(id => id != wire.From)] } : node)],
                [.. flow.Wires.Where(other => other != wire)]);
        }

        foreach (var node in flow.Nodes)
        {
            foreach (var smaller in Of(node))
            {
                yield return flow with { Nodes = [.. flow.Nodes.Select(other => other == node ? smaller : other)] };
            }
        }
    }

    static RandomFlow Without(RandomFlow flow, string id) => new(
        [.. flow.Nodes.Where(node => node.Id != id).Select(node => node with
        {
            Reads = [.. node.Reads.Where(read => read != id)],
            OnError = node.OnError == id ? "continue" : node.OnError,
        })],
        [.. flow.Wires.Where(wire => wire.From != id && wire.To != id)]);

    static IEnumerable<FlowNode> Of(FlowNode node)
    {
        if (node.Body is { } body)
        {
            yield return node with { Kind = FlowKind.Sum, Body = null };
            foreach (var smaller in Of(body))
            {
                yield return node with { Body = smaller };
            }
        }

        // A switch stays one: edges may name its cases.
        FlowNode?[] simpler =
        [
            node.Kind is FlowKind.Fail or FlowKind.Broken ? node with { Kind = FlowKind.Sum } : null,
            node.JoinsAny ? node with { JoinsAny = false } : null,
            node.OnError != "fail" ? node with { OnError = "fail" } : null,
            node.Reads.Count > 0 ? node with { Reads = [] } : null,
            node.ReadsItem ? node with { ReadsItem = false } : null,
            node.Constant > 0 ? node with { Constant = 0 } : null,
            node.Bound > 0 ? node with { Bound = 0 } : null,
            node.Items.Length > 0 ? node with { Items = node.Items[..^1] } : null,
            node.Rounds > 1 ? node with { Rounds = 1 } : null,
        ];
        foreach (var one in simpler.OfType<FlowNode>())
        {
            yield return one;
        }
    }
}
