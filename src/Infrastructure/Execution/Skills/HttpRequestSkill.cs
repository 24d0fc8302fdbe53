using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary><c>http_request</c>: one guarded HTTP call. Unsafe methods carry a key that is the same for every attempt of the step.</summary>
sealed class HttpRequestSkill(HttpRequestCall http, ICredentials credentials) : IEffectfulSkill
{
    public string Handles => "http_request";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        if (!HttpRequestInput.TryRead(call.With.ToJsonElement(), out var input, out var problems))
        {
            return new SkillError("invalid_with", $"{problems[0].Pointer} {problems[0].Message}", SkillErrorClass.InvalidInput, Retryable: false);
        }

        input = input! with { IdempotencyKey = call.EffectKey };
        if (call.Node.Credential is { } name)
        {
            var (secret, refusal) = await credentials.Find(new CredentialQuery(call.TenantId, name, AgentId: call.AgentId, UserId: call.UserId), ct);
            if (secret is null)
            {
                return refusal!;
            }

            if (secret.Headers.Count == 0)
            {
                return new SkillError("credential_unusable", $"The credential {name} holds nothing that an HTTP call could carry.", SkillErrorClass.Credential, Retryable: false);
            }

            input = input with { Credential = secret, CredentialHeaders = secret.Headers };
        }

        var result = await http.Send(input, ct);
        return result.Error is { } error ? error : Datum.From(result.Output!.ToJson());
    }
}
