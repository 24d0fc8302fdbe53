using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Execution.Skills.Tools;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>Begins <c>llm</c> nodes whose model may call tools, and those that a former attempt began.</summary>
sealed class AgentLoops(ToolFinder finder, SkillRunners runners, LlmCalls llm)
{
    readonly LoopKit kit = new(runners, llm);

    /// <summary>What the node's model is offered: in a run that is taken up again, what its first answer was given with.</summary>
    /// <returns>Null where it is offered nothing: then the node is a question like any other.</returns>
    public async ValueTask<ToolSet?> ToolsOf(RunExecution run, Frame frame, CompiledNode node)
    {
        var asked = run.Checkpoints.Count == 0 ? null : run.Checkpoints.GetValueOrDefault($"{frame.KeyOf(node)}[0]/{AgentLoop.Ask}");
        if (asked?.Output is { } first && TurnAnswer.PinsOf(Json.Read(first)) is { } pins)
        {
            return await finder.Again(run.Plan.TenantId, pins, run.Node.Lost);
        }

        var tools = await finder.Of(run.Plan.TenantId, run.Plan.AgentId, node.Tools!, run.Node.Lost);
        return tools.Tools.Count > 0 || asked is not null ? tools : null;
    }

    public (AgentLoop? Loop, SkillError? Refusal) Begin(RunExecution run, Frame frame, CompiledNode node, StepRecord step, ToolSet tools, Datum with) =>
        AgentLoop.Of(run, frame, node, step, kit, tools, with);
}
