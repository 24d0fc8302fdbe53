using AgentPlatform.Domain.Agents;
using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Code;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>
/// <c>code</c>: a customer's function <c>main(input, ctx)</c>. In a version of a tenant's own the source belongs to the skill, and <c>with</c> is the input;
/// in the platform's skill <c>with</c> holds <c>language</c>, <c>code</c>, <c>input</c>, <c>limits</c> and <c>network</c>. Gives <c>{ result, logs }</c>.
/// </summary>
sealed class CodeSkill(CodeSandbox sandbox) : IEffectfulSkill
{
    public string Handles => "code";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        var problems = new List<FieldError>();
        var job = call.Node.Skill.Source is { } source ? OfVersion(call, source, problems) : OfNode(call, problems);
        if (problems is [var problem, ..])
        {
            return Arguments.Refused($"{problem.Pointer} {problem.Message}");
        }

        var outcome = await sandbox.Run(job!, ct);
        return outcome.Error is { } error ? error
            : Datum.FromObject(new Dictionary<string, Datum> { ["result"] = outcome.Result, ["logs"] = Datum.From(outcome.Logs) });
    }

    static CodeJob OfVersion(SkillCall call, SkillSource source, List<FieldError> problems) =>
        new(call.TenantId, source.Language, source.Code, call.With, ContextOf(call), CodeSpec.Read("/spec", call.Node.Skill.Spec, problems));

    static CodeJob? OfNode(SkillCall call, List<FieldError> problems)
    {
        if (call.With.Text("language") is not { } language || !CodeSpec.Languages.Contains(language) || call.With.Text("code") is not { Length: <= CodeSpec.MaxSourceLength } code)
        {
            problems.Add(new("/with", "invalid_with", "code takes a language (javascript, typescript, python) and at most 256 KiB of code."));
            return null;
        }

        return new(call.TenantId, language, code, call.With.Value("input") ?? Datum.Null, ContextOf(call), CodeSpec.Read("/with", call.With.ToJsonElement(), problems));
    }

    static Dictionary<string, string> ContextOf(SkillCall call) => new()
    {
        ["run_id"] = call.RunId.ToString(),
        ["agent_id"] = call.AgentId.ToString(),
        ["node"] = call.Node.Id,
        ["effect_key"] = call.EffectKey,
    };
}
