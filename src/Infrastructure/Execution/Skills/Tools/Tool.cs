using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Domain.Agents.Graphs;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Infrastructure.Execution.Skills.Tools;

/// <summary>Something that a model may call: a skill version, or an agent version.</summary>
/// <param name="name">As the model knows it: 1 to 64 letters, digits, underscores and hyphens, and no other tool's of the set.</param>
/// <param name="agent">Only of an agent; the skill is then the platform's <c>agent</c>.</param>
sealed class Tool(string name, ResolvedSkill skill, AgentTool? agent, ToolTerms terms)
{
    const int MaxDescription = 4096;

    public string Name => name;

    public ResolvedSkill Skill => skill;

    public AgentTool? Agent => agent;

    public ToolTerms Terms => terms;

    /// <summary>Arguments that the skill's version has set: the model neither sees nor sets them.</summary>
    public IReadOnlyCollection<string> Preset { get; } = agent is null ? PresetOf(skill) : [];

    /// <summary>How the model is told of it.</summary>
    public AIFunctionDeclaration Declaration => field ??= AIFunctionFactory.CreateDeclaration(
        name, Description(), ToolSchema.Of(agent is null ? skill.InputSchemaText : agent.InputSchema, Preset), returnJsonSchema: null);

    /// <summary>About how much of the model's input it takes.</summary>
    public int Bytes => Encoding.UTF8.GetByteCount(Declaration.JsonSchema.GetRawText()) + Encoding.UTF8.GetByteCount(Declaration.Description) + name.Length;

    string Description()
    {
        var text = agent is null ? skill.Description ?? skill.Name : agent.Description ?? agent.Name;
        return text.Length <= MaxDescription ? text : text[..(char.IsHighSurrogate(text[MaxDescription - 1]) ? MaxDescription - 1 : MaxDescription)];
    }

    static string[] PresetOf(ResolvedSkill skill) =>
        skill.Spec.ValueKind is JsonValueKind.Object && skill.Spec.TryGetProperty("with", out var preset) && preset.ValueKind is JsonValueKind.Object
            ? [.. preset.EnumerateObject().Select(member => member.Name)]
            : [];
}
