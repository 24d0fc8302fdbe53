using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.Http;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>
/// <c>http_request</c>: one guarded HTTP call. Unsafe methods carry a key that is the same for every attempt of the step. A skill whose version names an
/// <c>operation</c> takes that operation's parameters; one that names an <c>integration</c> uses a credential of it, the node's own or whichever fits best.
/// </summary>
sealed class HttpRequestSkill(HttpRequestCall http, ICredentials credentials) : IEffectfulSkill
{
    public string Handles => "http_request";

    public async Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        var (with, problem) = Request(call);
        if (problem is not null)
        {
            return Invalid(problem);
        }

        if (!HttpRequestInput.TryRead(with, out var input, out var problems))
        {
            return Invalid($"{problems[0].Pointer} {problems[0].Message}");
        }

        input = input! with { IdempotencyKey = call.EffectKey };
        if (Wanted(call) is { } wanted)
        {
            var (secret, refusal) = await credentials.Find(wanted, ct);
            if (secret is null)
            {
                return refusal!;
            }

            if (secret.Headers.Count == 0 && secret.PathPrefix is null)
            {
                return new SkillError("credential_unusable", $"The credential {secret.Name} holds nothing that an HTTP call could carry.", SkillErrorClass.Credential, Retryable: false);
            }

            input = input with { Credential = secret, CredentialHeaders = secret.Headers };
        }

        var result = await http.Send(input, ct);
        return result.Error is { } error ? error : Datum.From(result.Output!.ToJson());
    }

    static (JsonElement With, string? Problem) Request(SkillCall call)
    {
        var with = call.With.ToJsonElement();
        if (call.Node.Skill.Spec is not { ValueKind: JsonValueKind.Object } spec || !spec.TryGetProperty("operation", out var described))
        {
            return (with, null);
        }

        return HttpOperation.TryRead(described, "/spec/operation", out var operation) is [var fault, ..] ? (default, $"{fault.Pointer} {fault.Message}") : operation!.Build(with);
    }

    static CredentialQuery? Wanted(SkillCall call)
    {
        var integration = call.Node.Skill.Spec is { ValueKind: JsonValueKind.Object } spec && spec.TryGetProperty("integration", out var slug) && slug.ValueKind is JsonValueKind.String ? slug.GetString() : null;
        return call.Node.Credential is null && integration is null
            ? null
            : new CredentialQuery(call.TenantId, call.Node.Credential, Integration: integration, AgentId: call.AgentId, UserId: call.UserId);
    }

    static SkillOutcome Invalid(string message) => new SkillError("invalid_with", message, SkillErrorClass.InvalidInput, Retryable: false);
}
