using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Nodes whose model may call tools: which those are is looked up first.</summary>
sealed partial class RunLoop
{
    void BeginModel(Frame frame, CompiledNode node)
    {
        if (run.CheckpointOf(frame, node)?.OutcomeOf(node) is { } known)
        {
            SettleHere(frame, node, known);
        }
        else
        {
            opening.Enqueue((frame, node));
        }
    }

    async Task OpenModel(Frame frame, CompiledNode node)
    {
        var checkpoint = run.CheckpointOf(frame, node);
        if (await parts.Models.ToolsOf(run, frame, node) is not { } tools)
        {
            Attempt(frame, node, (checkpoint?.Attempts ?? 0) + 1);
            return;
        }

        OpenComposite(frame, node, checkpoint?.Waiting, (step, with) => parts.Models.Begin(run, frame, node, step, tools, with));
    }
}
