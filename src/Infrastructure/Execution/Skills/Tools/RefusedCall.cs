using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Skills.Tools;

/// <summary>In the place of a call that cannot be made: the model is told why.</summary>
sealed class RefusedCall(SkillError why) : IPureSkill
{
    public string Handles => "";

    public SkillOutcome Run(SkillCall call) => why;
}
