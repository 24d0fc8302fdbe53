using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>transform</c>: its evaluated parameters are its output.</summary>
sealed class TransformSkill : ISkillRunner
{
    public string Handles => "transform";

    public bool IsPure => true;

    public ValueTask<SkillOutcome> Run(SkillCall call, CancellationToken ct) => new((SkillOutcome)call.With);
}
