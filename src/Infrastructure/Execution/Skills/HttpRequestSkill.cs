using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>http_request</c>: one guarded HTTP call. Unsafe methods carry a key that is the same for every attempt of the step.</summary>
sealed class HttpRequestSkill(HttpRequestCall http) : IEffectfulSkill
{
    public string Handles => "http_request";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        if (!HttpRequestInput.TryRead(call.With.ToJsonElement(), out var input, out var problems))
        {
            return new SkillError("invalid_with", $"{problems[0].Pointer} {problems[0].Message}", SkillErrorClass.InvalidInput, Retryable: false);
        }

        var result = await http.Send(input! with { IdempotencyKey = call.EffectKey }, ct);
        return result.Error is { } error ? error : Datum.From(result.Output!.ToJson());
    }
}
