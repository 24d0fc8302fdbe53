using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Engine;

/// <summary>A call that a model asked for, as the steps that execute it know it.</summary>
/// <param name="Node">Id of the step that makes the call; another step asks a person first.</param>
/// <param name="Tool">As the model named it.</param>
/// <param name="Skill">Null for a tool that there is not.</param>
/// <param name="Model">Which model asked.</param>
sealed record ToolCall(string Node, string Tool, ResolvedSkill? Skill, Datum Arguments, string Model);
