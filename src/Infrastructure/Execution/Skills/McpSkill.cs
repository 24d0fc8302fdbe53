using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>mcp</c>: one tool of a registered MCP server, as the skill's version names it. A node's parameters are the tool's arguments.</summary>
sealed class McpSkill(IMcpTools tools) : IEffectfulSkill
{
    public string Handles => "mcp";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        var spec = call.Node.Skill.Spec;
        if (!spec.TryGetProperty("server", out var server) || !spec.TryGetProperty("tool", out var tool))
        {
            return Arguments.Refused("The version of this skill names no tool of an MCP server.");
        }

        var answer = await tools.Call(
            new McpCall(call.TenantId, server.GetString()!, tool.GetString()!, call.With.ToJsonElement(), call.EffectKey, call.RunId, call.AgentId, call.UserId), ct);
        return answer.Error is { } error ? error : Datum.From(answer.Output!.Value);
    }
}
