using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Integration.Support;

namespace AgentPlatform.Integration.Execution.Model;

/// <summary>Random graphs with branches, failures and bodies, run by the engine and by the plain interpreter: the same output, the same steps.</summary>
[TestFixture]
public sealed class EngineModelTests
{
    const int Graphs = 300;

    [Test]
    public async Task The_engine_does_what_the_rules_say()
    {
        var tenant = await TestApp.NewTenant();
        var runs = new Dictionary<Guid, (int Seed, Dictionary<string, FlowFate> Steps)>();
        var gate = new Lock();
        var faults = new List<string>();
        await Parallel.ForAsync(0, Graphs, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (seed, ct) =>
        {
            var flow = RandomFlow.Of(seed);
            var document = flow.Document();
            var run = await tenant.Http.RunOnce(document.ToJsonString());
            var steps = new Dictionary<string, FlowFate>();
            var expected = ReferenceInterpreter.Run(flow, steps) is { } outcomes ? ReferenceInterpreter.Output(flow, outcomes) : null;
            lock (gate)
            {
                runs[run.GetProperty("id").GetGuid()] = (seed, expected is null ? [] : steps);
                if (Fault(run, expected) is { } fault)
                {
                    faults.Add($"seed {seed}: {fault}\n{document.ToJsonString()}");
                }
            }
        });
        Assert.That(faults, Is.Empty);

        var stored = await Sql.Column(tenant.App.Database.Owner, $"""
            select run_id || ' ' || coalesce(path || '/', '') || node_id || ' ' || status from execution.run_steps where tenant_id = '{tenant.Id}'
            """);
        var found = stored.Select(line => line.Split(' ')).ToLookup(parts => Guid.Parse(parts[0]), parts => (Key: parts[1], Status: parts[2]));
        foreach (var (run, (seed, steps)) in runs)
        {
            var actual = found[run].Where(step => steps.ContainsKey(step.Key)).Select(step => $"{step.Key} {step.Status}");
            Assert.That(actual, Is.EquivalentTo(steps.Select(step => $"{step.Key} {step.Value.ToString().ToLowerInvariant()}")), $"seed {seed}");
        }
    }

    /// <summary>Graphs that are all alike would prove little.</summary>
    [Test]
    public void The_graphs_try_everything()
    {
        var flows = Enumerable.Range(0, Graphs).Select(RandomFlow.Of).ToList();
        var ended = flows.ConvertAll(flow =>
        {
            var steps = new Dictionary<string, FlowFate>();
            return (IsOk: ReferenceInterpreter.Run(flow, steps) is not null, Steps: steps);
        });
        Assert.Multiple(() =>
        {
            Assert.That(flows.SelectMany(All).Select(node => node.Kind).Distinct(), Is.EquivalentTo(Enum.GetValues<FlowKind>()));
            Assert.That(flows.SelectMany(Wires).Select(wire => wire.Kind).Distinct(), Is.EquivalentTo(Enum.GetValues<WireKind>()));
            Assert.That(ended.Count(e => e.IsOk), Is.InRange(Graphs / 3, Graphs - 20));
            Assert.That(ended.SelectMany(e => e.Steps.Values).Distinct(), Is.EquivalentTo([FlowFate.Succeeded, FlowFate.Failed, FlowFate.Skipped]));
            Assert.That(ended.SelectMany(e => e.Steps.Keys).Max(key => key.Count(c => c == '/')), Is.EqualTo(2));
        });
    }

    static string? Fault(JsonElement run, JsonObject? expected)
    {
        var status = run.GetProperty("status").GetString();
        if (status != (expected is null ? "failed" : "succeeded"))
        {
            return $"{status} instead of {(expected is null ? "failed" : "succeeded")}: {run.GetProperty("error").GetRawText()}";
        }

        return expected is null || JsonNode.DeepEquals(JsonNode.Parse(run.GetProperty("output").GetRawText()), expected) ? null : $"{run.GetProperty("output").GetRawText()} instead of {expected.ToJsonString()}";
    }

    static IEnumerable<FlowNode> All(RandomFlow flow) => flow.Nodes.Concat(flow.Nodes.Where(node => node.Body is not null).SelectMany(node => All(node.Body!)));

    static IEnumerable<FlowWire> Wires(RandomFlow flow) => flow.Wires.Concat(flow.Nodes.Where(node => node.Body is not null).SelectMany(node => Wires(node.Body!)));
}
