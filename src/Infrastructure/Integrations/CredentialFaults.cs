using System.Text.Json;
using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Infrastructure.Integrations;

/// <summary>Why there is no credential for a call.</summary>
static class CredentialFaults
{
    public static readonly SkillError KeysUnavailable =
        new("credential_unavailable", "The credential cannot be opened right now: the key service does not answer.", SkillErrorClass.Credential, Retryable: true);

    public static readonly SkillError DoesNotOpen =
        new("credential_unavailable", "The credential does not open; store its secret anew.", SkillErrorClass.Credential, Retryable: false);

    public static readonly SkillError NotRefreshed =
        new("credential_unavailable", "The credential's access token has ended and could not be renewed right now.", SkillErrorClass.Credential, Retryable: true);

    public static SkillError Unknown(string what) =>
        new("credential_unknown", $"There is no credential {what} that this run may use.", SkillErrorClass.Credential, Retryable: false);

    public static SkillError Expired(string name) =>
        new("credential_expired", $"The credential {name} has expired; store a new secret.", SkillErrorClass.Credential, Retryable: false);

    /// <summary>Its <c>credential_id</c> is what a run waits for.</summary>
    public static SkillError ConsentNeeded(Guid id, string name) => new(
        "consent_needed", $"The credential {name} needs the consent of a person.", SkillErrorClass.Credential, Retryable: false, Detail: JsonSerializer.SerializeToElement(new { credential_id = id, credential = name }));
}
