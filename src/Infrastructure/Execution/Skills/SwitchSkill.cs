using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>switch</c>: the first case whose condition holds; its edges carry <c>case: name</c>.</summary>
sealed class SwitchSkill : IPureSkill
{
    static readonly Datum None = Taken(Datum.Null, -1);

    public string Handles => "builtin/switch";

    public SkillOutcome Run(SkillCall call)
    {
        foreach (var candidate in call.Node.Cases ?? [])
        {
            if (candidate.When is null || candidate.When.Evaluate(call.Scope).IsTruthy)
            {
                return Taken(Datum.From(candidate.Name), candidate.Index);
            }
        }

        return None;
    }

    static Datum Taken(Datum name, int index) => Datum.FromObject(new Dictionary<string, Datum> { ["case"] = name, ["index"] = Datum.From(index) });
}
