using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Execution.Engine;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution.Control;

/// <summary>What a replay runs, and which stored steps it takes over.</summary>
sealed record ReplayPlan(RunPlan Plan, SourceRun Source, IReadOnlyList<FormerStep> Reused, IReadOnlyList<string> Rerun, IReadOnlyList<FormerStep> Saved)
{
    public static ReplayPlan Whole(RunPlan plan, SourceRun source) => new(plan, source, [], [.. plan.Graph.Nodes.Select(node => node.Id)], []);

    public static ReplayPlan Fork(RunPlan plan, SourceRun source, string? fromNode, IReadOnlyList<FormerStep> steps)
    {
        var graph = plan.Graph;
        var ofGraph = steps.Where(step => step.Path.Length == 0).ToDictionary(step => step.NodeId, StringComparer.Ordinal);
        var from = fromNode is null ? (int?)null : graph.IndexOf(fromNode);
        var stands = Reuse.Stands(graph, from, id => ofGraph.GetValueOrDefault(id)?.Result ?? FormerResult.None);
        var reused = new List<FormerStep>();
        var saved = new List<FormerStep>();
        var rerun = new List<string>();
        foreach (var node in graph.Nodes)
        {
            var step = ofGraph.GetValueOrDefault(node.Id);
            var isSkipped = step?.Result is FormerResult.Skipped;
            if (!stands[node.Index])
            {
                rerun.Add(node.Id);
            }
            else if (!isSkipped)
            {
                // What is skipped is found skipped again, from the same results before it.
                reused.Add(step!);
                saved.Add(step!);
                saved.AddRange(Within(steps, node.Id));
            }

            if (!stands[node.Index] && node.Index != from && (node.Body is not null || node.Tools is not null) && node.Incoming.All(edge => stands[edge.From]))
            {
                // It was under way, or failed: the parts of it that succeeded need not be done again, since what they were given has not changed.
                var parts = Within(steps, node.Id).Where(part => part.Result is FormerResult.Succeeded || IsAnswered(node, part)).ToList();
                reused.AddRange(parts);
                saved.AddRange(parts);
            }
        }

        return new ReplayPlan(plan, source, reused, rerun, saved);
    }

    /// <summary>A model was told that its call failed, and went on from that: another result would not fit what it said then.</summary>
    static bool IsAnswered(CompiledNode node, FormerStep part) => node.Tools is not null && part.Result is FormerResult.Failed && part.NodeId != AgentLoop.Ask;

    /// <summary>Steps of the node's body, however deep: paths are <c>node[3]/inner[0]</c>.</summary>
    static IEnumerable<FormerStep> Within(IEnumerable<FormerStep> steps, string node) =>
        steps.Where(step => step.Path.StartsWith(node + "[", StringComparison.Ordinal));
}

file sealed class Preview(Replays replays) : IRequestHandler<PreviewReplay, Result<ReplayPreview>>
{
    public async Task<Result<ReplayPreview>> Handle(PreviewReplay request, CancellationToken cancellationToken)
    {
        var planned = await replays.Plan(new ReplayTerms(request.Id, request.FromNode, request.Version, request.Input, IsRedrive: false), cancellationToken);
        return planned.Map(plan => new ReplayPreview(
            plan.Plan.VersionId,
            [.. plan.Reused.Select(step => new ReusedNode(
                step.NodeId, step.Path.Length == 0 ? null : step.Path, step.RunId, step.Status, step.Overridden, step.DurationMs, step.CostMicros))],
            plan.Rerun,
            plan.Saved.Count,
            plan.Saved.Sum(step => step.DurationMs),
            plan.Saved.Sum(step => step.CostMicros)));
    }
}
