using AgentPlatform.Domain.Agents.Graphs;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>Which runner executes a skill: by its type, and for built-in ones by its slug.</summary>
sealed class SkillRunners(IEnumerable<ISkillRunner> runners)
{
    readonly Dictionary<string, ISkillRunner> byKind = runners.ToDictionary(runner => runner.Handles, StringComparer.Ordinal);

    public ISkillRunner? For(ResolvedSkill skill) =>
        byKind.GetValueOrDefault(skill.Type is SkillType.Builtin ? $"builtin/{skill.Slug}" : skill.Type.ToText());
}
