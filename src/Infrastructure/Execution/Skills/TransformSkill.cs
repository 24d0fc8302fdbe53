using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>transform</c>: its evaluated parameters are its output.</summary>
sealed class TransformSkill : IPureSkill
{
    public string Handles => "transform";

    public SkillOutcome Run(SkillCall call) => call.With;
}
