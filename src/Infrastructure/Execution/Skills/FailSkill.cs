using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>fail</c>: ends the branch with an error of the author's own.</summary>
sealed class FailSkill : IPureSkill
{
    public string Handles => "builtin/fail";

    public SkillOutcome Run(SkillCall call) => new SkillError(
        Text(call.With, "code") ?? "failed",
        Text(call.With, "message") ?? "The agent's author let the run fail here.",
        "fail",
        Retryable: false,
        Detail: call.With.TryGetProperty("detail", out var detail) ? detail.ToJsonElement() : null);

    static string? Text(Datum with, string name) =>
        with.TryGetProperty(name, out var value) && value.Kind is DatumKind.String ? value.GetString() : null;
}
