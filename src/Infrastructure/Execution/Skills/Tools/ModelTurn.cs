using AgentPlatform.Domain.Execution;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Execution.Skills.Tools;

/// <summary>One question to a model in the course of an <c>llm</c> node with tools: its answer is a checkpoint of its own.</summary>
/// <param name="messages">The conversation so far.</param>
/// <param name="isFirst">Its answer says which tools were offered.</param>
sealed class ModelTurn(LlmCalls llm, LlmRequest request, IReadOnlyList<ChatMessage> messages, ToolSet tools, bool isFirst) : IEffectfulSkill
{
    public string Handles => "llm";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        var options = request.Options.Clone();
        if (tools.Tools.Count > 0)
        {
            options.Tools = [.. tools.Tools.Select(tool => tool.Declaration)];
            options.ToolMode = ChatToolMode.Auto;
        }

        var answer = await llm.Ask(call, request with { Messages = [.. messages], Options = options }, ct);
        SkillOutcome outcome = answer.Response is { } response
            ? TurnAnswer.Write(answer, response, isFirst ? [.. tools.Tools.Select(ToolPin.Of)] : null)
            : answer.Error!;
        return outcome with { Usage = answer.Usage };
    }
}
